"""The loss by hand: the mean over labels that are there, and nothing of those that are not."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.drug_safety.options import Augmentation
from seqmill.applications.drug_safety.task import build_task
from seqmill.profiles.table import read_table

NAN = float("nan")


class Says(torch.nn.Module):
    """Gives logits that can be learnt."""

    def __init__(self, logits):
        super().__init__()
        self.logits = torch.nn.Parameter(torch.tensor(logits))

    def forward(self, inputs):
        return self.logits[: len(inputs)]


def task(safety, logits, loss="standard"):
    run = SimpleNamespace(augmentation=Augmentation(), trainer=SimpleNamespace(loss=loss))
    built = build_task(network=Says(logits), encoding=safety.manifest.encoding, run=run, label_counts={})
    built.take_tables({name: read_table(path) for name, path in safety.manifest.table_paths().items()})
    return built


def batch(labels, weight):
    columns = dict(zip(("chlorine", "nitrile", "same"), torch.tensor(labels).T, strict=True))
    return columns | {"molecule": torch.arange(len(labels)), "weight": torch.tensor(weight)}


def test_the_loss_is_the_mean_over_labels_that_are_there(safety):
    logits = [[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]]
    labels = [[1.0, NAN, 0.0], [NAN, 0.0, NAN]]
    built = task(safety, logits)
    loss = built.training_step(batch(labels, [1.0, 2.0]), 0)
    each = [np.log1p(np.exp(-2.0)), np.log1p(np.exp(0.5)), np.log1p(np.exp(3.0))]
    assert loss.item() == pytest.approx((each[0] + each[1] + 2 * each[2]) / 4, rel=1e-5)
    loss.backward()
    learnt = built.network.logits.grad != 0
    assert torch.equal(learnt, ~torch.tensor(labels).isnan())


@pytest.mark.parametrize(
    ("loss", "of"),
    [
        ("generalised", lambda p: (1 - p**0.7) / 0.7),
        ("symmetric", lambda p: 4 * (1 - p) - 0.1 * np.log(p)),
    ],
)
def test_a_robust_loss_is_the_mean_over_the_same_labels(safety, loss, of):
    labels = [[1.0, NAN, 0.0], [NAN, 0.0, NAN]]
    built = task(safety, [[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]], loss)
    found = built.training_step(batch(labels, [1.0, 2.0]), 0)
    right = 1 / (1 + np.exp([-2.0, 0.5, 3.0]))
    assert found.item() == pytest.approx((of(right) * [1, 1, 2]).sum() / 4, rel=1e-5)
    found.backward()
    assert torch.equal(built.network.logits.grad != 0, ~torch.tensor(labels).isnan())


def test_a_batch_without_any_label_is_no_loss(safety):
    built = task(safety, [[2.0, -1.0, 0.5]])
    loss = built.training_step(batch([[NAN, NAN, NAN]], [1.0]), 0)
    assert loss.item() == 0


def test_probabilities_are_told(safety):
    said = task(safety, [[2.0, -1.0, 0.5]]).predict_step(batch([[NAN] * 3], [1.0]))["probability"]
    assert said.detach().numpy() == pytest.approx(1 / (1 + np.exp([[-2.0, 1.0, -0.5]])), rel=1e-5)
