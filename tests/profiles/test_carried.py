"""Sums and maxima over carried alleles, by hand."""

import numpy as np

from seqmill.profiles.carried import Member, aggregate

DOSAGES = np.array([[0, 1, 2], [-1, -1, 1], [2, 0, -1]], np.int8)
MEMBERS = {"a": [Member(0, 0.5), Member(1, -2.0)], "b": [Member(2, 3.0)], "none": []}


def test_sums_count_copies():
    block = aggregate(DOSAGES, MEMBERS, how="sum", min_called=0.5)
    assert block.features == ("a", "b", "none")
    assert block.values.tolist() == [[-2, 6, 0], [0, 3, 0], [1, 0, 0]]
    assert block.mask.tolist() == [[1, 1, 1], [0, 1, 1], [1, 0, 1]]
    assert block.values.dtype == np.float32


def test_maxima_are_of_absolute_effects_of_carried_alleles():
    block = aggregate(DOSAGES, MEMBERS, how="max_abs", min_called=1.0)
    assert block.values.tolist() == [[2, 3, 0], [0, 3, 0], [0.5, 0, 0]]
