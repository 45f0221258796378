"""Measures under weights, against scikit-learn and scipy on repeated items."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, f1_score, r2_score, roc_auc_score

from seqmill.evaluation.measures import COUNTS, MEANS, PAIRS, RANKING, SURVIVAL, family_of, measured


def drawn(rng, n, replicates=4):
    weights = rng.poisson(1, (n, replicates))
    weights[:, 0] = 1
    return weights


def test_counts_are_those_of_the_repeated_items():
    rng = np.random.default_rng(1)
    called, true = rng.integers(0, 2, (2, 80))
    values = np.stack([called & true, called & ~true & 1, ~called & true & 1], axis=1)
    weights = drawn(rng, 80)
    found = COUNTS.compute(values.astype(float), weights)["f1"]
    expected = [f1_score(np.repeat(true, of), np.repeat(called, of)) for of in weights.T]
    np.testing.assert_allclose(found, expected)


def test_ranking_with_ties_is_that_of_the_repeated_items():
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 2, 120)
    scores = np.round(labels + rng.normal(0, 1, 120), 1)
    weights = drawn(rng, 120)
    found = RANKING.compute(np.stack([scores, labels], axis=1), weights)
    for measure, oracle in (("auroc", roc_auc_score), ("auprc", average_precision_score)):
        expected = [oracle(np.repeat(labels, of), np.repeat(scores, of)) for of in weights.T]
        np.testing.assert_allclose(found[measure], expected)


def test_correlations_with_ties_are_those_of_the_repeated_items():
    rng = np.random.default_rng(3)
    observed = rng.normal(0, 1, 90)
    predicted = np.round(observed + rng.normal(0, 1, 90), 1)
    weights = drawn(rng, 90)
    found = PAIRS.compute(np.stack([predicted, observed], axis=1), weights)
    for measure, oracle in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
        expected = [oracle(np.repeat(predicted, of), np.repeat(observed, of)).statistic for of in weights.T]
        np.testing.assert_allclose(found[measure], expected)
    expected = [r2_score(np.repeat(observed, of), np.repeat(predicted, of)) for of in weights.T]
    np.testing.assert_allclose(found["r2"], expected)


def test_what_cannot_be_known_is_nan():
    ones = np.ones((3, 1))
    assert np.isnan(RANKING.compute(np.array([[1.0, 1], [2, 1], [3, 1]]), ones)["auroc"][0])
    assert np.isnan(PAIRS.compute(np.array([[1.0, 1], [1, 2], [1, 3]]), ones)["pearson"][0])
    assert np.isnan(PAIRS.compute(np.array([[1.0, 1], [2, 1], [3, 1]]), ones)["r2"][0])


def test_columns_say_what_is_measured():
    columns = [
        "item",
        "tp_a_b",
        "fp_a_b",
        "fn_a_b",
        "score_x",
        "label_x",
        "predicted_y",
        "observed_y",
        "tp_z",
    ]
    assert measured(columns) == [(COUNTS, "a_b"), (RANKING, "x"), (PAIRS, "y")]
    assert measured(pd.DataFrame({"item": [1]}).columns) == []


@pytest.mark.parametrize(("measure", "family"), [("recall", COUNTS), ("auprc", RANKING), ("spearman", PAIRS)])
def test_family_of_a_measure(measure, family):
    assert family_of(measure) is family


def test_means_are_those_of_the_repeated_items():
    rng = np.random.default_rng(5)
    values = rng.normal(0, 1, 50)
    weights = drawn(rng, 50)
    found = MEANS.compute(values[:, None], weights)["mean"]
    np.testing.assert_allclose(found, [np.repeat(values, of).mean() for of in weights.T])


def test_the_level_whose_columns_come_first_leads():
    columns = ["item", "predicted_b", "observed_b", "score_c", "label_c", "tp_a", "fp_a", "fn_a"]
    assert [level for _, level in measured(columns)] == ["b", "c", "a"]


def harrell(risk, time, event):
    """Concordance as a double loop."""
    right = pairs = 0.0
    for i in np.flatnonzero(event):
        for j in range(len(time)):
            if time[i] < time[j] or (time[i] == time[j] and not event[j]):
                pairs += 1
                right += 1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0
    return right / pairs if pairs else np.nan


def test_concordance_by_hand():
    # the first death outlives nobody: against all three 2.5 of 3; the second against the last: right
    values = np.array([[2.0, 1, 1], [2.0, 2, 0], [1.0, 2, 1], [0.0, 3, 0]])
    assert SURVIVAL.compute(values, np.ones((4, 1)))["concordance"] == pytest.approx([(2.5 + 1 + 0) / 5])


def test_concordance_with_ties_and_censoring_is_that_of_the_repeated_items():
    rng = np.random.default_rng(7)
    n = 70
    risk, time = np.round(rng.normal(size=n), 1), rng.integers(1, 20, n).astype(float)
    event = rng.integers(0, 2, n).astype(float)
    weights = drawn(rng, n)
    found = SURVIVAL.compute(np.stack([risk, time, event], axis=1), weights)["concordance"]
    expected = [harrell(*(np.repeat(one, of) for one in (risk, time, event))) for of in weights.T]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_concordance_without_an_event_is_nan():
    assert np.isnan(SURVIVAL.compute(np.array([[1.0, 1, 0], [2, 2, 0]]), np.ones((2, 1)))["concordance"][0])
