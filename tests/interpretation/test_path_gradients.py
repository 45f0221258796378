"""Attributions by hand; they add up to what the features change."""

import pytest
import torch

from seqmill.interpretation.path_gradients import integrated_gradients

COLUMNS = torch.tensor([0, 2])


def test_of_a_linear_function_they_are_weight_times_value():
    inputs = torch.tensor([[1.0, 5.0, -2.0], [0.0, 1.0, 3.0]])
    found, slopes = integrated_gradients(lambda x: x @ torch.tensor([2.0, 7.0, 3.0]), inputs, COLUMNS)
    assert torch.allclose(found, torch.tensor([[2.0, -6.0], [0.0, 9.0]]))
    assert torch.allclose(slopes, torch.tensor([[2.0, 3.0], [2.0, 3.0]]))


def test_a_product_is_shared_and_the_rest_stays_in_its_place():
    inputs = torch.tensor([[2.0, 10.0, 3.0]])
    found, _ = integrated_gradients(lambda x: x[:, 0] * x[:, 2] * x[:, 1], inputs, COLUMNS)
    assert found.tolist() == [pytest.approx([30, 30], rel=1e-5)]


def test_they_add_up_to_the_change():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.GELU(), torch.nn.Linear(8, 1))
    inputs = torch.randn(6, 3)
    found, _ = integrated_gradients(lambda x: network(x)[:, 0], inputs, COLUMNS)
    change = network(inputs) - network(inputs.index_fill(1, COLUMNS, 0.0))
    assert torch.allclose(found.sum(1), change[:, 0], atol=1e-3)
