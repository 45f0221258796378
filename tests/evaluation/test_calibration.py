"""Calibration: planted temperatures, tables by hand, torch-free oracles."""

import numpy as np
import pytest
from scipy import special

from seqmill.evaluation.calibration import (
    calibration_report,
    error_phred,
    expected_calibration_error,
    fit_temperature,
    probabilities,
    reliability,
)


def planted(temperature, n=20_000, seed=0):
    """Draw labels from the softmax of logits, then give the logits multiplied by a temperature."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, 3))
    draws = rng.random((n, 1))
    labels = (draws > special.softmax(logits, axis=1).cumsum(axis=1)).sum(axis=1)
    return logits * temperature, labels


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_finds_the_planted_temperature(temperature):
    assert fit_temperature(*planted(temperature)) == pytest.approx(temperature, rel=0.04)


def test_no_temperature_nearby_is_more_likely():
    logits, labels = planted(1.7, n=2000)
    best = fit_temperature(logits, labels)

    def loss(temperature):
        likely = probabilities(logits, temperature)[np.arange(len(labels)), labels]
        return -np.log(likely).sum() + np.log(temperature) ** 2 / (2 * 0.5**2)

    assert loss(best) <= min(loss(best * 0.98), loss(best * 1.02))


def test_a_split_without_errors_does_not_ask_for_certainty():
    logits = np.eye(3)[np.arange(300) % 3] * 6
    assert 0.5 < fit_temperature(logits, np.arange(300) % 3) < 1


def test_the_prior_gives_way_to_many_labels():
    few, many = (abs(np.log(fit_temperature(*planted(4.0, n=n)) / 4.0)) for n in (20, 20_000))
    assert many < 0.02 < few


def test_no_rows_is_refused():
    with pytest.raises(ValueError, match="no labelled row"):
        fit_temperature(np.zeros((0, 3)), np.zeros(0, int))


def test_error_phred_is_the_phred_of_one_minus_the_best():
    logits = np.random.default_rng(1).normal(0, 3, (200, 3))
    wrong = 1 - probabilities(logits, 1.3).max(axis=1)
    np.testing.assert_allclose(error_phred(logits, 1.3), -10 * np.log10(wrong), rtol=1e-6)


def test_error_phred_goes_on_where_the_softmax_is_one():
    logits = np.array([[0.0, 200.0, -50.0]])
    assert probabilities(logits).max() == 1
    assert error_phred(logits)[0] == pytest.approx(10 * 200 / np.log(10))


def test_reliability_table_by_hand():
    probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.45, 0.55]])
    labels = np.array([0, 1, 1, 0])
    table = reliability(probs, labels, edges=(0.5, 0.75, 1.0))
    assert [(row["count"], row["accuracy"]) for row in table] == [(2, 0.5), (2, 0.5)]
    assert [row["confidence"] for row in table] == pytest.approx([0.625, 0.85])
    assert all(row["low"] < row["accuracy"] < row["high"] for row in table)


def test_confidence_one_belongs_to_the_last_bin():
    table = reliability(np.array([[1.0, 0.0]]), np.array([0]))
    assert [(row["confidence"], row["count"]) for row in table] == [(1.0, 1)]


def test_expected_calibration_error_by_hand():
    probs = np.array([[0.9, 0.1]] * 10)
    labels = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(probs, labels, bins=10) == pytest.approx(0.3)


def test_report_is_better_after_the_temperature():
    logits, labels = planted(3.0)
    report = calibration_report(logits, labels, fit_temperature(logits, labels))
    assert report["before"]["ece"] > 0.05
    assert report["after"]["ece"] < 0.015
    assert sum(row["count"] for row in report["after"]["bins"]) == len(labels)
