"""Randomness is a function of seed, step and rank."""

import random

import numpy as np
import torch

from seqmill.training.seeding import seed_at


def draws():
    return (torch.rand(1).item(), float(np.random.rand()), random.random())


def at(*where):
    seed_at(*where)
    return draws()


def test_the_same_place_draws_the_same_whatever_came_before():
    first = at(1, 5)
    torch.rand(7)
    assert at(1, 5) == first


def test_seed_step_and_rank_each_change_every_draw():
    places = [(1, 5, 0), (2, 5, 0), (1, 6, 0), (1, 5, 1)]
    found = [at(*place) for place in places]
    for generator in range(3):
        assert len({draw[generator] for draw in found}) == len(places)


def test_a_seed_is_never_negative():
    assert all(0 <= seed_at(seed, step) < 2**63 for seed in (0, 2**32 - 1) for step in range(20))
