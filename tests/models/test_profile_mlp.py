"""Layers and a linear path add up."""

import pytest
import torch

from seqmill.models.profile_mlp import ProfileMLP, ProfileMLPOptions


def test_all_begins_at_zero():
    built = ProfileMLP(ProfileMLPOptions(), width=7)
    assert not built(torch.randn(3, 7)).any()


def test_without_layers_it_is_a_linear_model():
    built = ProfileMLP(ProfileMLPOptions(hidden=()), width=4)
    torch.nn.init.normal_(built.linear.weight)
    inputs = torch.randn(5, 4)
    assert torch.allclose(built(inputs), inputs @ built.linear.weight.T)
    assert [name for name, _ in built.named_parameters()] == ["linear.weight", "linear.bias"]


def test_both_paths_are_added():
    built = ProfileMLP(ProfileMLPOptions(hidden=(6,), dropout=0.0), width=4, outputs=2).eval()
    for parameter in built.parameters():
        torch.nn.init.normal_(parameter)
    inputs = torch.randn(5, 4)
    assert torch.allclose(built(inputs), built.layers(inputs) + built.linear(inputs))


def test_nothing_at_all_is_refused():
    with pytest.raises(ValueError, match="no layer and no linear path"):
        ProfileMLPOptions(hidden=(), linear=False)
