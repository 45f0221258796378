"""Distances by hand, the share of training rows inside, and rows that are far off or mostly missing."""

import numpy as np
import pytest

from seqmill.profiles.domain import Domain
from seqmill.profiles.table import Block, Table


def table(values, bits=None):
    values = np.asarray(values, np.float32)
    blocks = {
        "x": Block(tuple(f"f{at}" for at in range(values.shape[1])), np.nan_to_num(values), ~np.isnan(values))
    }
    if bits is not None:
        blocks["b"] = Block(("b",), np.asarray(bits, np.uint8)[:, None], np.ones((len(bits), 1), bool))
    return Table(tuple(map(str, range(len(values)))), blocks)


@pytest.fixture
def cloud():
    return np.random.default_rng(0).normal(5, [1, 10, 100], (400, 3))


def test_most_rows_of_the_same_kind_are_inside_and_far_ones_are_not(cloud):
    domain = Domain.of(table(cloud), np.arange(300))
    fresh = domain.judge(table(cloud[300:]))
    assert fresh.inside.mean() == pytest.approx(0.95, abs=0.06)
    moved = domain.judge(table(cloud[300:] + np.array([10, 0, 0])))
    assert not moved.inside.any()


def test_the_distance_is_over_the_features_that_both_have():
    domain = Domain.of(table([[0.0, 0.0], [2.0, 2.0]]), [0, 1])  # mean 1, spread 1; each has one neighbour
    assert domain.limit == pytest.approx(2)
    found = domain.judge(table([[0.0, np.nan], [np.nan, 4.0]]))
    assert found.distance == pytest.approx([(0 + 2) / 2, (4 + 2) / 2])
    assert found.missing.tolist() == [0.5, 0.5]


def test_a_row_of_which_more_is_missing_than_in_training_is_outside(cloud):
    domain = Domain.of(table(cloud), np.arange(400))
    near = np.full((1, 3), 5.0)
    assert domain.judge(table(near)).inside.all()
    near[0, 1] = np.nan
    assert not domain.judge(table(near)).inside.any()


def test_bits_are_not_standardised():
    domain = Domain.of(table(np.zeros((4, 1)), [0, 0, 0, 1]), np.arange(4))
    assert domain.spread.tolist() == [1, 1]
    assert domain.rows[:, 1].tolist() == [0, 0, 0, 1]
