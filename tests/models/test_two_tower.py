"""Pairs are made of the codes of the distinct rows of each side."""

import pytest
import torch

from seqmill.models.two_tower import TwoTowerOptions, TwoTowers

SMALL = TwoTowerOptions(left=(6, 4), right=(5, 4), head=(3,), dropout=0.0)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return TwoTowers(SMALL, left=7, right=9, outputs=2).eval()


def test_each_pair_is_that_of_its_own_rows(network):
    left, right = torch.randn(3, 7), torch.randn(2, 9)
    of_left, of_right = torch.tensor([2, 0, 2, 1]), torch.tensor([1, 1, 0, 0])
    together = network(left, right, of_left, of_right)
    assert together.shape == (4, 2)
    alone = torch.tensor([0])
    for number, (i, j) in enumerate(zip(of_left, of_right, strict=True)):
        one = network(left[i : i + 1], right[j : j + 1], alone, alone)
        assert torch.allclose(one[0], together[number], atol=1e-6)


def test_both_sides_have_a_say(network):
    left, right, none = torch.randn(1, 7), torch.randn(1, 9), torch.tensor([0])
    before = network(left, right, none, none)
    assert not torch.allclose(before, network(left + 1, right, none, none))
    assert not torch.allclose(before, network(left, right + 1, none, none))


def test_the_last_layers_are_equal():
    with pytest.raises(ValueError, match="whose last have as many units"):
        TwoTowerOptions(left=(8,), right=(4,))


def test_a_side_may_be_read_before_its_tower():
    class Halves(torch.nn.Module):
        outputs = 4

        def forward(self, inputs):
            return inputs[:, :4]

    network = TwoTowers(SMALL, left=7, right=Halves()).eval()
    left, right, none = torch.randn(1, 7), torch.randn(1, 9), torch.tensor([0])
    before = network(left, right, none, none)
    unseen = torch.cat([right[:, :4], right[:, 4:] + 1], 1)
    assert torch.equal(network(left, unseen, none, none), before)
    assert not torch.equal(network(left, right + 1, none, none), before)
