"""Intervals and sets hold what they promise, and are those of MAPIE."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from seqmill.evaluation.conformal import (
    ALL,
    FEWEST,
    calibrate,
    class_scores,
    class_sets,
    threshold,
)


def world(seed, n, groups=3):
    """Give predictions whose error is five times as wide in each further group."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, n)
    return rng.standard_t(4, n) * 5.0**group, group.astype(str)


def test_the_threshold_is_the_smallest_that_a_new_example_stays_below_often_enough():
    assert threshold(np.arange(1.0, 10.0), 0.9) == 9  # the 9th of 9: ceil(10 * 0.9)
    assert threshold(np.arange(1.0, 9.0), 0.9) == np.inf  # 8 examples cannot promise 90 %
    assert threshold(np.arange(1.0, 20.0)[::-1], 0.9) == 18


@given(st.integers(1, 400), st.sampled_from([0.5, 0.8, 0.9, 0.95]), st.integers(0, 1000))
def test_the_threshold_lies_at_its_rank_among_the_scores(n, level, seed):
    scores = np.random.default_rng(seed).random(n)
    found = threshold(scores, level)
    below = (scores <= found).sum() if np.isfinite(found) else n + 1
    assert below >= (n + 1) * level - 1e-6
    assert below - 1 < (n + 1) * level


@pytest.mark.parametrize("seed", range(3))
def test_coverage_is_as_promised_overall_and_in_each_group(seed):
    scores, groups = world(seed, 6000)
    fresh, of_fresh = world(seed + 100, 30_000)
    split, mondrian = calibrate(np.abs(scores)), calibrate(np.abs(scores), groups)
    assert (np.abs(fresh) <= split.of(of_fresh)).mean() == pytest.approx(0.9, abs=0.02)
    for group in "012":
        inside = of_fresh == group
        own = np.abs(fresh[inside]) <= mondrian.of(of_fresh[inside])
        assert own.mean() == pytest.approx(0.9, abs=0.02)
    of_all = np.abs(fresh) <= split.of(of_fresh)
    assert of_all[of_fresh == "0"].mean() > 0.97  # what Mondrian intervals are for
    assert of_all[of_fresh == "2"].mean() < 0.83


def test_coverage_over_many_small_calibrations_is_the_beta_law():
    """Given n calibration scores, coverage is Beta(k, n + 1 - k) (Vovk 2012); its mean is k / (n + 1)."""
    rng = np.random.default_rng(5)
    n, k = 49, 45
    found = [threshold(rng.random(n)) for _ in range(4000)]  # of uniform scores the threshold is the coverage
    law = stats.beta(k, n + 1 - k)
    assert np.mean(found) == pytest.approx(law.mean(), abs=0.003)
    assert stats.kstest(found, law.cdf).pvalue > 0.001


def test_small_and_unknown_groups_get_the_radius_of_all():
    scores, groups = np.ones(100), ["big"] * (100 - FEWEST + 1) + ["small"] * (FEWEST - 1)
    scores[-FEWEST:] = 7
    radius = calibrate(scores, groups)
    assert set(radius.groups) == {"big"}
    assert radius.of(["big", "small", "other"]).tolist() == [1, 7, 7]
    assert radius.basis(["big", "small"], "molecule") == ["molecule", ALL]


def test_intervals_are_those_of_mapie():
    regression = pytest.importorskip("mapie.regression")
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 3))
    y = x @ [1.0, -2.0, 0.5] + rng.normal(size=400)
    model = LinearRegression().fit(x[:200], y[:200])
    other = regression.SplitConformalRegressor(model, confidence_level=0.9, prefit=True)
    predicted, intervals = other.conformalize(x[200:320], y[200:320]).predict_interval(x[320:])
    radius = calibrate(np.abs(model.predict(x[200:320]) - y[200:320])).radius
    assert np.allclose(intervals[:, 0, 0], predicted - radius)
    assert np.allclose(intervals[:, 1, 0], predicted + radius)


def test_sets_are_those_of_mapie():
    classification = pytest.importorskip("mapie.classification")
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(2)
    x = rng.normal(size=(500, 2))
    y = (x @ [2.0, 1.0] + rng.logistic(size=500) > 0).astype(int) + (x[:, 0] > 1)
    model = LogisticRegression().fit(x[:200], y[:200])
    other = classification.SplitConformalClassifier(
        model, confidence_level=0.9, prefit=True, conformity_score="lac"
    )
    _, sets = other.conformalize(x[200:400], y[200:400]).predict_set(x[400:])
    radius = calibrate(class_scores(model.predict_proba(x[200:400]), y[200:400]))
    assert np.array_equal(class_sets(model.predict_proba(x[400:]), radius.of([""] * 100)), sets[:, :, 0])


def test_sets_hold_the_class_as_promised():
    rng = np.random.default_rng(3)
    probabilities = rng.dirichlet([1.0, 0.5, 2.0], 20_000)
    labels = np.array([rng.choice(3, p=one) for one in probabilities])
    radius = calibrate(class_scores(probabilities[:4000], labels[:4000]))
    sets = class_sets(probabilities[4000:], radius.of([""] * 16_000))
    assert sets[np.arange(16_000), labels[4000:]].mean() == pytest.approx(0.9, abs=0.02)
