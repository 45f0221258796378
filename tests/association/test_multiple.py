"""Inflation and corrections, against values by hand."""

import numpy as np
import pytest
from scipy import stats

from seqmill.association.multiple import benjamini_hochberg, bonferroni, controlled, genomic_control


def test_statistics_of_chance_are_not_inflated():
    even = stats.chi2.ppf((np.arange(999) + 0.5) / 999, 1)
    assert genomic_control(even) == pytest.approx(1)
    assert genomic_control(even * 1.3) == pytest.approx(1.3)
    assert genomic_control(np.append(even, np.nan)) == pytest.approx(1)


def test_inflation_is_taken_out_and_deflation_left():
    chi2 = np.array([1.0, 4.0])
    assert controlled(chi2 * 2, 2).tolist() == pytest.approx(stats.chi2.sf(chi2, 1).tolist())
    assert controlled(chi2, 0.5).tolist() == pytest.approx(stats.chi2.sf(chi2, 1).tolist())


def test_corrections_count_the_tests_that_were_made():
    p = np.array([0.01, np.nan, 0.04, 0.3, 0.02])
    np.testing.assert_allclose(bonferroni(p), [0.04, np.nan, 0.16, 1.0, 0.08])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.04, np.nan, 0.16 / 3, 0.3, 0.04])
