"""The range of proper insert sizes."""

import numpy as np

from seqmill.reads.insert_size import InsertSize, estimate_insert_size


def test_too_few_pairs_give_the_default():
    assert estimate_insert_size([300] * 24) == InsertSize(low=1, high=800)


def test_range_reaches_four_deviations_of_a_normal_distribution():
    sizes = np.random.default_rng(3).normal(400, 50, 20_000).astype(int)
    insert = estimate_insert_size(sizes.tolist())
    # quartiles lie 0.674 deviations from the mean: 3 ranges beyond them is 4.72 deviations
    assert abs(insert.low - (400 - 4.72 * 50)) < 8
    assert abs(insert.high - (400 + 4.72 * 50)) < 8


def test_outliers_do_not_count():
    sizes = [*range(290, 311), *range(290, 311), 100_000, 500_000]
    assert estimate_insert_size(sizes).high < 400


def test_low_end_is_at_least_one():
    assert estimate_insert_size([*range(1, 200)]).low == 1


def test_constant_size():
    assert estimate_insert_size([300] * 30) == InsertSize(low=300, high=300)
