"""Randomised weights keep their values and lose their order."""

import torch

from seqmill.interpretation.control import randomised


def test_values_stay_and_places_do_not(network):
    before = {name: value.clone() for name, value in network.named_parameters()}
    found = randomised(network, seed=1)
    for name, value in found.named_parameters():
        assert torch.equal(value.flatten().sort().values, before[name].flatten().sort().values)
    assert not torch.equal(found.filters, before["filters"])
    assert all(torch.equal(value, before[name]) for name, value in network.named_parameters())
    assert torch.equal(found.filters, randomised(network, seed=1).filters)
    assert not torch.equal(found.filters, randomised(network, seed=2).filters)
