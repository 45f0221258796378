"""Matrices by hand: what is missing is nan, and has no say in mean and spread."""

import numpy as np

from seqmill.profiles.matrix import mean_and_spread, side_by_side
from seqmill.profiles.table import Block

NAN = np.nan


def test_blocks_stand_side_by_side_and_what_is_missing_is_nan():
    dosages = Block(("s",), np.array([[2], [-1]], np.int8), np.array([[True], [False]]))
    bits = Block(("x", "y"), np.array([[0, 1], [1, 200]], np.uint8), np.ones((2, 2), bool))
    found = side_by_side([dosages, bits])
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [[2, 0, 1], [NAN, 1, 200]])


def test_missing_values_have_no_say_and_what_does_not_vary_has_the_spread_one():
    values = np.array([[1, 4, NAN, 7], [5, 4, NAN, NAN], [NAN, 4, NAN, NAN]])
    mean, spread = mean_and_spread(values)
    np.testing.assert_array_equal(mean, [3, 4, 0, 7])
    np.testing.assert_array_equal(spread, [2, 1, 1, 1])
