"""The calibration error by hand, and that it sees what is miscalibrated."""

import numpy as np
import pytest

from seqmill.applications.methylation.calibration import calibration_error


def error(predicted, observed, weight, block=None):
    numbers = np.arange(len(predicted)) if block is None else block
    given = (np.asarray(values, float) for values in (predicted, observed, weight))
    predicted, observed, weight = given
    return calibration_error(
        "5mC", predicted=predicted, observed=observed, weight=weight, block=numbers.astype(np.uint64)
    )


def test_by_hand():
    row = error([0.01, 0.02, 0.9, 1.0, 0.5], [0.03, 0.0, 0.5, 1.0, 0.1], [1, 1, 2, 4, 0])
    # the bins [0, 1/15), [13/15, 14/15) and [14/15, 1]; the last site is not known
    gaps = abs((0.01 - 0.03) + (0.02 - 0.0)), 2 * abs(0.9 - 0.5), 0.0
    assert row["metric"] == "ece.5mC"
    assert row["value"] == pytest.approx(sum(gaps) / 8)
    assert row["n"] == 4


def test_what_is_too_sure_is_seen_and_what_is_right_is_not():
    rng = np.random.default_rng(1)
    level = rng.random(20_000)
    observed = rng.binomial(20, level) / 20
    weight, block = np.full(20_000, 20.0), np.arange(20_000) // 100
    right = error(level, observed, weight, block=block)
    sure = error(np.clip(2 * level - 0.5, 0, 1), observed, weight, block=block)
    assert right["value"] < 0.005
    assert sure["low"] > 0.1
    assert sure["low"] < sure["value"] < sure["high"]


def test_blocks_widen_the_interval():
    rng = np.random.default_rng(2)
    shared = np.repeat(rng.normal(0, 0.1, 100), 10)
    predicted = np.full(1_000, 0.52)
    observed = np.clip(0.5 + shared, 0, 1)
    alone = error(predicted, observed, np.ones(1_000))
    together = error(predicted, observed, np.ones(1_000), block=np.arange(1_000) // 10)
    assert together["high"] - together["low"] > 2 * (alone["high"] - alone["low"])
