"""The spread over seeds, apart from the items, and judging under both."""

import math

import numpy as np
import pytest
from scipy import stats

from seqmill.evaluation.bootstrap import Resampled
from seqmill.evaluation.seeds import Spread, judge, seed_spread

RNG = np.random.default_rng(7)
NONE = Spread(0.0, math.inf)


def runs(values, noise=0.0):
    return [Resampled(value, value + RNG.normal(0, noise, 4000), 100) for value in values]


def test_one_run_knows_no_spread():
    assert seed_spread(runs([0.9])) == NONE


def test_values_far_apart_have_the_variance_of_their_mean():
    spread = seed_spread(runs([0.90, 0.92, 0.97]))
    assert spread.variance == pytest.approx(np.var([0.90, 0.92, 0.97], ddof=1) / 3)
    assert spread.freedom == 2


def test_what_the_items_explain_is_taken_off():
    spread = seed_spread(runs([0.90, 0.92, 0.97], noise=0.02))
    assert spread.variance == pytest.approx((np.var([0.90, 0.92, 0.97], ddof=1) - 0.02**2) / 3, rel=0.1)


def test_values_as_near_as_items_allow_have_none():
    assert seed_spread(runs([0.90, 0.91], noise=0.05)).variance == 0


def test_items_alone_give_the_normal_test_and_the_percentiles():
    difference = runs([0.03], noise=0.01)[0]
    judged = judge(difference, [NONE, NONE])
    assert judged.p == pytest.approx(2 * stats.norm.sf(3), rel=0.2)
    plain = difference.interval()
    assert (judged.estimate.low, judged.estimate.high) == pytest.approx((plain.low, plain.high))


def test_seeds_alone_give_students_test():
    a, b = np.array([0.90, 0.91, 0.94]), np.array([0.88, 0.90, 0.86])
    spreads = [seed_spread(runs(side)) for side in (a, b)]
    judged = judge(Resampled(a.mean() - b.mean(), np.full(9, a.mean() - b.mean()), 5), spreads)
    welch = stats.ttest_ind(a, b, equal_var=False)
    assert judged.p == pytest.approx(welch.pvalue)
    interval = welch.confidence_interval()
    assert (judged.estimate.low, judged.estimate.high) == pytest.approx((interval.low, interval.high))


def test_both_widen_the_interval_and_leave_its_skew():
    skewed = Resampled(0.1, 0.1 + RNG.exponential(0.02, 5000) - 0.02, 50)
    plain = judge(skewed, [NONE, NONE]).estimate
    wide = judge(skewed, [Spread(0.02**2, 4), NONE]).estimate
    assert wide.high - wide.low > 1.4 * (plain.high - plain.low)
    assert (wide.high - 0.1) / (0.1 - wide.low) == pytest.approx((plain.high - 0.1) / (0.1 - plain.low))


def test_a_difference_that_never_moves():
    assert judge(Resampled(0.0, np.zeros(5), 3), [NONE]).p == 1
    assert judge(Resampled(0.5, np.full(5, 0.5), 3), [NONE]).p == 0
