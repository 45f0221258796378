"""The application's parts are put together, and a dataset of another one is refused."""

from types import SimpleNamespace

import numpy as np
import pytest

from seqmill.applications import application as registry
from seqmill.applications.disease_risk import spec as disease_risk
from seqmill.errors import InputError
from seqmill.shards.loader import Loader
from seqmill.training.module import build_module, check_application, class_counts


def test_network_options_encoding_and_counts_reach_the_task(toy, compose_run, manifest):
    module = build_module(compose_run("model.options.hidden=5"), manifest.encoding, {"light": 3})
    assert isinstance(module, toy.ToyTask)
    assert module.network[0].weight.shape == (5, 8)
    assert module.label_counts == {"light": 3}


def test_class_counts_are_by_name_and_complete(toy):
    manifest = SimpleNamespace(label_counts=lambda split, column: {1: 7} if column == "heavy" else {})
    assert class_counts(toy.APPLICATION, manifest) == {"light": 0, "heavy": 7}


def test_class_counts_of_a_dataset(toy, manifest):
    counts = class_counts(toy.APPLICATION, manifest)
    assert sum(counts.values()) == 90
    assert min(counts.values()) > 0


def test_class_counts_of_a_share_are_those_of_its_examples(toy, manifest):
    loader = Loader(manifest, "train", batch_size=90, seed=0, shuffle=False, fraction=0.4, threads=0)
    heavy = np.concatenate([batch["heavy"] for batch in loader.epoch(0)])
    counts = class_counts(toy.APPLICATION, manifest, 0.4)
    assert counts == {"light": int((heavy == 0).sum()), "heavy": int((heavy == 1).sum())}
    assert 0 < sum(counts.values()) < 90


def test_a_dataset_of_another_application_is_refused(compose_run):
    other = SimpleNamespace(path="m.json", encoding=SimpleNamespace(application="methylation"))
    with pytest.raises(InputError, match=r"m\.json: a dataset of methylation found, one of toy wanted"):
        check_application(compose_run(), other)


@pytest.mark.parametrize(
    ("outcome", "loss", "offered"),
    [
        ("survival", "huber", "standard$"),
        ("survival", "generalised", "standard$"),
        ("binary", "huber", "standard, generalised, symmetric$"),
        ("quantitative", "symmetric", "standard, huber$"),
    ],
)
def test_a_loss_that_does_not_go_with_the_options_of_the_dataset_is_refused(
    outcome, loss, offered, monkeypatch
):
    monkeypatch.setattr(registry, "find_application", lambda _: disease_risk.APPLICATION)
    encoding = SimpleNamespace(application="disease_risk", options={"outcome": outcome})
    manifest = SimpleNamespace(path="m.json", encoding=encoding)
    run = SimpleNamespace(
        application=SimpleNamespace(name="disease_risk"), trainer=SimpleNamespace(loss=loss)
    )
    wanted = (
        rf"trainer.loss: found '{loss}', wanted .* disease_risk offers for m.json \(outcome={outcome}\): "
    )
    with pytest.raises(InputError, match=wanted + offered):
        check_application(run, manifest)
    run.trainer.loss = offered.removesuffix("$").split(", ")[-1]
    assert check_application(run, manifest).name == "disease_risk"
