"""Private runs as users start them: noise is there, they resume to the bit, and leave nothing else behind."""

import os
import signal
from dataclasses import replace

import persons
import pytest
import torch
from sklearn.metrics import roc_auc_score

from seqmill.errors import InputError, Interrupted
from seqmill.evaluation.membership import audit_membership
from seqmill.evaluation.predictions import Predictor, predict_split
from seqmill.tracking.store import connect
from seqmill.training import checkpoint
from seqmill.training.private import sampling
from seqmill.training.private.ledger import ledger_folder, read_ledger
from seqmill.training.private.start import start_private
from seqmill.training.tables import give_tables

pytestmark = pytest.mark.slow


def weights(folder):
    return torch.load(folder / "checkpoint.ckpt", weights_only=True)["state_dict"]


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in other) and list(one) == list(other)


def opened(folder, crowd):
    module, _ = checkpoint.load(folder / "checkpoint.ckpt", encoding=crowd.manifest.encoding)
    give_tables(module, crowd.manifest)
    return module


def areas(module, crowd):
    found = {}
    for split in ("train", "test"):
        told = predict_split(Predictor(module, crowd.manifest.encoding), crowd.manifest, split, threads=0)
        found[split] = roc_auc_score(told[persons.LABEL], told[f"predicted_{persons.LABEL}"])
    return found


def test_noise_of_50_falls_to_chance_where_little_noise_learns(configured, trained, crowd):
    """The control: with a swap that is lost the last would learn as well as the first."""
    longer = {"trainer": {"epochs": 12, "batch_size": 128}, "optimizer": {"learning_rate": 0.02}}
    asked = {"none": None, "little": {"noise_multiplier": 0.3}, "much": {"noise_multiplier": 50.0}}
    models = {
        name: opened(trained(configured(privacy, **longer), name)[1], crowd)
        for name, privacy in asked.items()
    }
    learnt = {name: areas(module, crowd) for name, module in models.items()}
    assert learnt["little"]["train"] > 0.8 and learnt["little"]["test"] > 0.65
    assert all(0.38 < area < 0.62 for area in learnt["much"].values())
    attacks = {name: audit_membership(module, crowd.manifest)[0] for name, module in models.items()}
    assert attacks["none"]["low"] > 0.5
    assert attacks["none"]["value"] > attacks["little"]["value"] > attacks["much"]["value"]
    assert attacks["much"]["low"] < 0.5 < attacks["much"]["high"]


@pytest.mark.parametrize("seeded", [True, False])
def test_a_run_that_was_stopped_ends_with_the_weights_of_one_that_was_not(
    configured, trained, places, monkeypatch, seeded
):
    monkeypatch.setattr("secrets.token_bytes", lambda size: bytes(range(size)))
    run = configured({"noise_multiplier": 1.0, "seeded_noise": seeded})
    record, whole = trained(run, "whole")
    drawn = sampling.PoissonBatches.chosen

    def stops(self, step):
        if step == 13:  # in the second epoch of eight steps
            os.kill(os.getpid(), signal.SIGTERM)
        return drawn(self, step)

    monkeypatch.setattr(sampling.PoissonBatches, "chosen", stops)
    with pytest.raises(Interrupted):
        trained(run, "stopped")
    monkeypatch.setattr(sampling.PoissonBatches, "chosen", drawn)
    monkeypatch.setattr("secrets.token_bytes", lambda size: bytes(size))  # a new secret would show
    again, stopped = trained(run, "stopped")
    assert again["attempts"] == 2 and again["steps"] == record["steps"] == 32
    assert again["privacy"]["epsilon"] == record["privacy"]["epsilon"]
    assert same(weights(stopped), weights(whole))
    assert not any(places().state.iterdir())  # the secret is gone with the state


def test_a_secret_makes_runs_of_one_seed_differ_and_seeded_noise_does_not(configured, trained):
    def once(name, *, seeded):
        run = configured({"noise_multiplier": 1.0, "seeded_noise": seeded}, trainer={"epochs": 1})
        return trained(run, name)[1]

    apart = [once(name, seeded=False) for name in ("s1", "s2")]
    alike = [once(name, seeded=True) for name in ("t1", "t2")]
    assert not same(*map(weights, apart))
    assert same(*map(weights, alike))


def test_the_checkpoint_is_a_plain_one_without_what_was_fitted_to_persons(configured, trained, places, crowd):
    once = {"trainer": {"epochs": 1}}
    record, folder = trained(configured({"noise_multiplier": 1.0}, **once))
    module, facts = checkpoint.load(folder / "checkpoint.ckpt", encoding=crowd.manifest.encoding)
    assert facts["config"]["privacy"]["name"] == "dp_sgd"
    assert torch.equal(module.inputs["profiles"].mean_levels, torch.zeros(60))
    _, fitted = trained(configured({"noise_multiplier": 1.0, "standardise": "fitted"}, **once), "fitted")
    assert not torch.equal(weights(fitted)["inputs.profiles.mean_levels"], torch.zeros(60))
    entries = {one["run_id"]: one for one in read_ledger([ledger_folder(crowd.manifest.path)])}
    assert entries[record["run_id"]] == record["privacy"]
    tracked = connect(places().store).get_run(record["run_id"]).data
    assert tracked.metrics["privacy.epsilon"] == record["privacy"]["epsilon"] > 0
    assert (tracked.tags["privacy.unit"], tracked.tags["privacy.steps"]) == ("person", str(record["steps"]))


def test_a_batch_size_below_32_is_refused_before_anything_is_computed(configured, trained):
    with pytest.raises(InputError, match=r"trainer\.batch_size: 8 found, 32 to \d+ wanted"):
        trained(configured({"noise_multiplier": 1.0}, trainer={"batch_size": 8}))


def test_an_average_of_weights_is_refused(configured, trained):
    with pytest.raises(InputError, match=r"trainer\.average: 0\.9 found, 0 wanted with privacy"):
        trained(configured({"noise_multiplier": 1.0}, trainer={"average": 0.9}))


def test_components_of_training_persons_are_refused(crowd, configured, built, tmp_path):
    run = configured({"noise_multiplier": 1.0})
    encoding = replace(crowd.manifest.encoding, options={"components": {"count": 2}})
    with pytest.raises(InputError, match=r"options\.components: components found.*init_from"):
        start_private(
            built(run), replace(crowd.manifest, encoding=encoding), run, state=tmp_path / "state", run_id=""
        )
