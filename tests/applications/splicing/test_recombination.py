"""Recombinations have the bases of the sites at each place, and nothing of how they hang together."""

import torch

from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED, NONE
from seqmill.applications.splicing.recombination import recombine

DONORS = torch.tensor([[0, 0, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)
"""Each is of one base: in a recombination they mix."""
ACCEPTORS = torch.tensor([[2, 3, 2, 3]], dtype=torch.uint8)


def batch(others):
    nothing = torch.full((others, 4), 4, dtype=torch.uint8)
    codes = torch.cat([DONORS, nothing, ACCEPTORS])
    classes = torch.tensor([DONOR, DONOR, *[NONE] * others, ACCEPTOR], dtype=torch.uint8)
    return codes, classes


def test_each_place_has_the_bases_of_sites_of_one_kind_drawn_by_itself():
    torch.manual_seed(2)
    codes, classes = batch(600)
    made = recombine(codes, classes, 1.0)
    sites = classes != NONE
    assert torch.equal(made[sites], codes[sites])
    others = made[~sites]
    acceptors = (others == ACCEPTORS[0]).all(1)
    donors = others[~acceptors]
    assert 0.25 < acceptors.float().mean() < 0.42  # one site in three is an acceptor
    assert donors.max() == 1
    assert ((donors.float().mean(0) - 0.5).abs() < 0.1).all()
    alike = (donors[:, :-1] == donors[:, 1:]).float().mean()
    assert 0.4 < alike < 0.6  # in every donor neighbouring bases are equal


def test_a_share_is_replaced_and_what_is_given_stays():
    torch.manual_seed(3)
    codes, classes = batch(600)
    before = codes.clone()
    replaced = (recombine(codes, classes, 0.25)[2:-1] != 4).all(1)
    assert 0.18 < replaced.float().mean() < 0.32
    assert torch.equal(codes, before)


def test_masked_windows_are_neither_replaced_nor_taken_from():
    torch.manual_seed(4)
    codes, classes = batch(50)
    codes[0], classes[0] = 3, MASKED
    made = recombine(codes, classes, 1.0)
    assert (made[0] == 3).all()
    others = made[2:-1]
    assert ((others == 1).all(1) | (others == ACCEPTORS[0]).all(1)).all()


def test_without_a_site_nothing_is_made():
    codes, classes = batch(5)
    assert torch.equal(recombine(codes[2:7], classes[2:7], 1.0), codes[2:7])
