"""Percentiles by hand and by scipy."""

import numpy as np
from scipy import stats

from seqmill.applications.profiled.percentiles import each_drug, percentiles


def test_percentiles_are_shares_that_respond_better_and_ties_count_half():
    cohort = np.array([1.0, 2.0, 2.0, 4.0, np.nan])
    assert percentiles(np.array([0.0, 2.0, 3.0, 5.0]), cohort).tolist() == [0, 50, 75, 100]
    assert percentiles(np.array([0.0, 2.0, 3.0, 5.0]), cohort, "high").tolist() == [100, 50, 25, 0]


def test_percentiles_are_those_of_scipy():
    rng = np.random.default_rng(0)
    cohort, values = rng.integers(0, 9, 40).astype(float), rng.integers(0, 9, 15).astype(float)
    expected = [stats.percentileofscore(cohort, one, kind="mean") for one in values]
    assert np.allclose(percentiles(values, cohort), expected)


def test_a_drug_is_compared_with_itself_alone():
    cohort = np.array([[0.0, 100.0], [1.0, 101.0], [2.0, 102.0]])
    found = each_drug(np.array([[0.5, 101.5]]), cohort)
    assert np.allclose(found, [[100 / 3, 200 / 3]])  # the raw values would rank the first drug far ahead


def test_without_a_cohort_there_is_no_percentile():
    assert np.isnan(percentiles(np.ones(2), np.array([np.nan]))).all()
