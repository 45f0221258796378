"""Orthogonal steps: singular values as the oracle, Adam for what is no matrix, states that resume."""

import copy

import pytest
import torch

from seqmill.models.muon import LENGTH, MOMENTUM, Muon, orthogonal


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(32, 32), (24, 72), (72, 24)])
def test_singular_vectors_stay_and_values_become_alike(shape, dtype):
    matrix = drawn(*shape)
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    inside = left.T @ orthogonal(matrix, dtype) @ right.T
    told = inside.diagonal()[values > 0.1 * values.max()]
    assert told.min() > 0.6
    assert told.max() < 1.3
    assert (inside - inside.diagonal().diag()).abs().max() < 0.1


def test_a_step_does_not_hang_on_the_scale_of_gradients():
    matrix = drawn(32, 48)
    torch.testing.assert_close(orthogonal(matrix), orthogonal(1000 * matrix), rtol=0.1, atol=0.02)


def test_the_second_step_by_hand(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)  # a processor that computes in fp32
    weight = torch.nn.Parameter(drawn(16, 20, 3))
    before, gradients = weight.detach().clone(), (drawn(16, 20, 3), drawn(16, 3, 20).transpose(1, 2))
    optimizer = Muon([{"params": [weight], "weight_decay": 0.5}], lr=0.1)
    for gradient in gradients:
        weight.grad = gradient.clone()
        optimizer.step()
    one, two = gradients
    moved = [one * (1 + MOMENTUM), two + MOMENTUM * (MOMENTUM * one + two)]
    for step in moved:
        before = before * 0.95 - 0.1 * LENGTH * 60**0.5 * orthogonal(step.flatten(1)).view_as(step)
    torch.testing.assert_close(weight.detach(), before, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(5,), (), (15, 40), (40, 4, 15)])
def test_what_is_no_matrix_of_channels_moves_as_with_adamw(shape):
    ours, theirs = (torch.nn.Parameter(drawn(*shape)) for _ in range(2))
    optimizers = (
        Muon([{"params": [ours], "weight_decay": 0.3}], lr=0.01),
        torch.optim.AdamW([theirs], lr=0.01, weight_decay=0.3),
    )
    for number in range(4):
        for weight, optimizer in zip((ours, theirs), optimizers, strict=True):
            weight.grad = (number + 1) * drawn(*shape).sin()
            optimizer.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_a_state_that_is_read_back_goes_on_to_the_bit():
    weights = [torch.nn.Parameter(drawn(16, 16)), torch.nn.Parameter(drawn(7))]

    def step(weights, optimizer, number):
        for weight in weights:
            weight.grad = torch.sin(number + weight.detach())
        optimizer.step()

    def optimizer_of(weights):
        return Muon([{"params": weights, "weight_decay": 0.1}], lr=0.05)

    optimizer = optimizer_of(weights)
    step(weights, optimizer, 1)
    copied = [torch.nn.Parameter(weight.detach().clone()) for weight in weights]
    again = optimizer_of(copied)
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for number in (2, 3):
        step(weights, optimizer, number)
        step(copied, again, number)
    for one, other in zip(weights, copied, strict=True):
        assert torch.equal(one, other)


def test_a_closure_is_called_with_gradients_and_its_loss_given():
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = Muon([{"params": [weight], "weight_decay": 0.0}], lr=0.1)

    def closure() -> float:
        loss = weight.square().sum()
        loss.backward()
        return loss.item()

    assert optimizer.step(closure) == 3.0
    assert (weight < 1).all()


def test_weights_without_a_gradient_stay():
    weight = torch.nn.Parameter(torch.ones(3))
    Muon([{"params": [weight], "weight_decay": 0.5}], lr=0.1).step()
    assert weight.tolist() == [1, 1, 1]
