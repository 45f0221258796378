"""Losses by hand and by definition."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from seqmill.applications.disease_risk.losses import cox_loss, logistic_loss
from seqmill.models.profile_mlp import ProfileMLP, ProfileMLPOptions

EACH = ("standard", "generalised", "symmetric")


def by_definition(log_risk, time, event, weight):
    """Cox's partial likelihood with ties as Breslow, as a double loop."""
    total = 0.0
    for i in range(len(time)):
        if event[i]:
            at_risk = sum(
                w * math.exp(r) for r, t, w in zip(log_risk, time, weight, strict=True) if t >= time[i]
            )
            total += weight[i] * (math.log(at_risk) - log_risk[i])
    return total / sum(weight)


def tensors(*values):
    return [torch.tensor(one, dtype=torch.float32) for one in values]


def test_two_persons_by_hand():
    loss = cox_loss(*tensors([math.log(3), 0.0], [1, 2], [1, 0], [1, 1]))
    assert loss.item() == pytest.approx(-math.log(3 / 4) / 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_partial_likelihood_is_that_of_its_definition_with_ties_and_weights(seed):
    rng = np.random.default_rng(seed)
    n = 40
    values = [rng.normal(0, 2, n), rng.integers(1, 12, n), rng.integers(0, 2, n), rng.integers(1, 3, n)]
    assert len(np.unique(values[1])) < n
    assert cox_loss(*tensors(*values)).item() == pytest.approx(by_definition(*values), rel=1e-5)


def test_a_weight_is_a_repeated_person():
    risk, time, event = [0.3, -1.0, 0.7], [2, 1, 1], [1, 1, 0]
    weighted = cox_loss(*tensors(risk, time, event, [2, 1, 1]))
    repeated = cox_loss(*tensors([*risk, 0.3], [*time, 2], [*event, 1], [1] * 4))
    assert weighted.item() == pytest.approx(repeated.item(), rel=1e-6)


def test_a_constant_added_to_all_changes_nothing_and_large_ones_do_not_overflow():
    rng = np.random.default_rng(0)
    values = [rng.normal(0, 1, 20), rng.integers(1, 9, 20), rng.integers(0, 2, 20), np.ones(20)]
    near, far = cox_loss(*tensors(*values)), cox_loss(*tensors(values[0] + 500, *values[1:]))
    assert far.item() == pytest.approx(near.item(), abs=1e-3)


def test_without_an_event_nothing_is_lost():
    (log_risk,) = tensors([1.0, 2.0])
    log_risk.requires_grad_()
    loss = cox_loss(log_risk, *tensors([1, 2], [0, 0], [1, 1]))
    loss.backward()
    assert loss.item() == 0
    assert log_risk.grad.tolist() == [0, 0]


def test_binary_losses_are_weighted_by_class_and_smoothed():
    logits, disease = torch.tensor([2.0, -1.0]), torch.tensor([1, 0], dtype=torch.int8)
    surprise = [-math.log(1 / (1 + math.exp(-2))), -math.log(1 / (1 + math.exp(-1)))]
    plain = logistic_loss(logits, disease, class_weights=torch.ones(2))
    assert plain.tolist() == pytest.approx(surprise, rel=1e-5)
    weighted = logistic_loss(logits, disease, class_weights=torch.tensor([0.5, 3.0]))
    assert weighted.tolist() == pytest.approx([3 * surprise[0], 0.5 * surprise[1]], rel=1e-5)
    smoothed = logistic_loss(logits, disease, class_weights=torch.ones(2), smoothing=0.2)
    assert smoothed.tolist() == pytest.approx([surprise[0] + 0.1 * 2, surprise[1] + 0.1 * 1], rel=1e-5)


@pytest.mark.parametrize(
    ("loss", "by_hand"),
    [
        ("generalised", lambda p: (1 - p**0.7) / 0.7),
        ("symmetric", lambda p: -0.1 * math.log(p) + 4 * (1 - p)),
    ],
)
def test_robust_losses_are_weighted_by_class_and_smoothed_as_others_are(loss, by_hand):
    logits, disease = torch.tensor([2.0, -1.0]), torch.tensor([1, 0], dtype=torch.int8)
    right = [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(-1))]
    wanted = [by_hand(p) for p in right]
    plain = logistic_loss(logits, disease, class_weights=torch.ones(2), loss=loss)
    assert plain.tolist() == pytest.approx(wanted, rel=1e-5)
    weighted = logistic_loss(logits, disease, class_weights=torch.tensor([0.5, 3.0]), loss=loss)
    assert weighted.tolist() == pytest.approx([3 * wanted[0], 0.5 * wanted[1]], rel=1e-5)
    smoothed = logistic_loss(logits, disease, class_weights=torch.ones(2), smoothing=0.2, loss=loss)
    mixed = [0.9 * one + 0.1 * by_hand(1 - p) for one, p in zip(wanted, right, strict=True)]
    assert smoothed.tolist() == pytest.approx(mixed, rel=1e-5)


def test_extreme_log_odds_lose_what_is_finite():
    logits = torch.tensor([200.0, -200.0, 200.0], requires_grad=True)
    for loss in ("generalised", "symmetric"):
        found = logistic_loss(logits, torch.tensor([1, 0, 0]), class_weights=torch.ones(2), loss=loss)
        assert found.isfinite().all()
        assert torch.autograd.grad(found.sum(), logits)[0].isfinite().all()


def area_on_clean_labels(loss, *, seed, hidden, learnt=800, wrong=0.35):
    """Learn six effects from labels of which some are turned round; give the area on clean ones."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(learnt + 1000, 20)).astype(np.float32)
    log_odds = 8 * features[:, :6] @ np.array([1, -1, 0.8, -0.8, 0.6, 0.6])
    disease = rng.random(len(features)) < 1 / (1 + np.exp(-log_odds))
    noisy = disease[:learnt] ^ (rng.random(learnt) < wrong)
    torch.manual_seed(seed)
    network = ProfileMLP(ProfileMLPOptions(hidden=hidden, dropout=0.0), width=20)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2, weight_decay=0.0)
    inputs, labels = torch.from_numpy(features), torch.from_numpy(noisy).long()
    for _ in range(80):
        optimizer.zero_grad()
        said = network(inputs[:learnt])[:, 0]
        logistic_loss(said, labels, class_weights=torch.ones(2), loss=loss).mean().backward()
        optimizer.step()
    with torch.no_grad():
        return roc_auc_score(disease[learnt:], network(inputs[learnt:])[:, 0])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_wrong_labels_pull_less_at_a_network_that_could_learn_them_by_heart(seed):
    standard, *robust = (area_on_clean_labels(loss, seed=seed, hidden=(32,)) for loss in EACH)
    assert min(robust) > standard + 0.03


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_linear_model_that_could_not_has_little_use_for_it(seed):
    standard, *robust = (area_on_clean_labels(loss, seed=seed, hidden=()) for loss in EACH)
    assert max(robust) < standard + 0.01
