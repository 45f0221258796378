"""Gradients by differences; the losses are those that networks are trained with."""

import numpy as np
import pytest
import torch
from scipy import optimize

from seqmill.applications.disease_risk.likelihoods import LOSSES
from seqmill.applications.disease_risk.losses import cox_loss, logistic_loss


@pytest.fixture
def world():
    rng = np.random.default_rng(2)
    n = 30
    labels = {
        "disease": rng.integers(0, 2, n).astype(float),
        "trait": rng.normal(size=n),
        "time": rng.integers(1, 8, n).astype(float),
        "event": rng.integers(0, 2, n).astype(float),
    }
    return rng.normal(size=n), labels


@pytest.mark.parametrize("outcome", LOSSES)
def test_gradients_are_those_of_differences(world, outcome):
    said, labels = world
    loss = LOSSES[outcome]
    wanted = optimize.approx_fprime(said, lambda x: loss(x, labels)[0], 1e-6)
    assert loss(said, labels)[1] == pytest.approx(wanted, abs=1e-5)


def test_losses_are_those_of_the_networks(world):
    said, labels = world
    told = torch.from_numpy(said)
    held = {name: torch.from_numpy(values) for name, values in labels.items()}
    cox = cox_loss(told, held["time"], held["event"], torch.ones(len(said)))
    logistic = logistic_loss(told, held["disease"], class_weights=torch.ones(2)).mean()
    assert LOSSES["survival"](said, labels)[0] == pytest.approx(cox.item(), rel=1e-5)
    assert LOSSES["binary"](said, labels)[0] == pytest.approx(logistic.item(), rel=1e-5)
    assert LOSSES["quantitative"](said, labels)[0] == pytest.approx(
        np.mean((said - labels["trait"]) ** 2) / 2
    )
