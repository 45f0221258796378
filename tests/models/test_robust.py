"""Robust losses against their definitions, and what they do to wrong labels."""

import pytest
import torch
from torch.nn import functional as F

from seqmill.models.robust import label_losses, number_losses


def test_huber_is_squared_near_and_linear_far_with_one_slope():
    said = torch.tensor([0.5, 1.0, 3.0, -3.0], requires_grad=True)
    losses = number_losses(said, torch.zeros(4), "huber")
    assert losses.tolist() == pytest.approx([0.25, 1, 5, 5])
    (slope,) = torch.autograd.grad(losses.sum(), said)
    assert slope.tolist() == pytest.approx([1, 2, 2, -2])
    assert number_losses(said, torch.zeros(4), "standard").tolist() == pytest.approx([0.25, 1, 9, 9])


def test_standard_is_cross_entropy_of_two_classes_and_of_many():
    logits, labels = torch.randn(20, 3), torch.randint(3, (20,))
    log_p = logits.log_softmax(1)[torch.arange(20), labels]
    assert torch.allclose(label_losses(log_p, "standard"), F.cross_entropy(logits, labels, reduction="none"))


def test_generalised_cross_entropy_lies_between_cross_entropy_and_absolute_error():
    p = torch.tensor([0.01, 0.3, 0.9, 1.0])
    found = label_losses(p.log(), "generalised")
    assert found.tolist() == pytest.approx(((1 - p**0.7) / 0.7).tolist(), abs=1e-6)
    assert ((1 - p <= found + 1e-6) & (found <= -p.log() + 1e-6)).all()


def test_symmetric_cross_entropy_is_the_sum_of_both_directions():
    logits = torch.tensor([[2.0, -1.0, 0.3]])
    p = logits.softmax(1)[0]
    one_hot = torch.tensor([0.0, 1.0, 0.0])
    reverse = -(p * torch.where(one_hot > 0, 0.0, -4.0)).sum()
    wanted = 0.1 * -p[1].log() + reverse
    assert label_losses(p[1:2].log(), "symmetric").item() == pytest.approx(wanted.item(), rel=1e-5)


@pytest.mark.parametrize("loss", ["generalised", "symmetric"])
def test_a_label_that_is_held_for_wrong_pulls_less_than_by_cross_entropy(loss):
    log_p = torch.tensor([-8.0], requires_grad=True)  # the model is sure of another class
    pulls = {}
    for name in ("standard", loss):
        (slope,) = torch.autograd.grad(label_losses(log_p, name).sum(), log_p)
        pulls[name] = abs(slope.item())
    assert pulls[loss] < 0.2 * pulls["standard"]
