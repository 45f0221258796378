"""Attributions by hand; they add up to what the features change."""

import pytest
import torch

from seqmill.interpretation.path_gradients import integrated_gradients


def test_of_a_linear_function_they_are_weight_times_distance():
    weights, inputs = torch.tensor([2.0, 7.0, 3.0]), torch.tensor([[1.0, 5.0, -2.0], [0.0, 1.0, 3.0]])
    found, slopes = integrated_gradients(lambda x: x @ weights, inputs, torch.zeros(3))
    assert torch.allclose(found, weights * inputs)
    assert torch.allclose(slopes, weights.expand(2, 3))
    found, _ = integrated_gradients(lambda x: x @ weights, inputs, torch.tensor([[1.0, 1, 1], [4, 0, 3]]))
    assert torch.allclose(found, torch.tensor([[0.0, 28.0, -9.0], [-8.0, 7.0, 0.0]]))


def test_a_product_is_shared_and_what_does_not_change_has_no_part():
    inputs, baseline = torch.tensor([[2.0, 10.0, 3.0]]), torch.tensor([0.0, 10.0, 0.0])
    found, _ = integrated_gradients(lambda x: x[:, 0] * x[:, 2] * x[:, 1], inputs, baseline)
    assert found.tolist() == [pytest.approx([30, 0, 30], rel=1e-5)]


def test_so_many_middles_of_equal_parts_are_the_points():
    seen = []

    def noted(x):
        seen.append(x[0, 0].item())
        return x[:, 0]

    integrated_gradients(noted, torch.tensor([[8.0]]), torch.tensor([4.0]), steps=2)
    assert seen == [5, 7]


def test_they_add_up_to_the_change():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.GELU(), torch.nn.Linear(8, 1))
    inputs, baseline = torch.randn(6, 3), torch.randn(3)
    found, _ = integrated_gradients(lambda x: network(x)[:, 0], inputs, baseline)
    change = network(inputs) - network(baseline)
    assert torch.allclose(found.sum(1), change[:, 0], atol=1e-3)
