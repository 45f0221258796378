"""Sweeps: which trials are there, in which order, and what their scores hang on."""

import pytest

from seqmill.comparison.runs import load_callers
from seqmill.comparison.sweeps import importance_of, sweeps_of

TRIALS = {
    "good": {"rate": 0.1, "kind": "wide"},
    "fair": {"rate": 0.001, "kind": "deep"},
    "unscored": {"rate": 1.0, "kind": "wide"},
}


@pytest.fixture
def sweep(study):
    declared = {"rates": {"base": "toy", "trials": TRIALS}, "alone": {"base": "toy", "trials": {"good": {}}}}
    (found,) = sweeps_of(load_callers(study.runs, study.baselines), declared)
    return found


def test_scored_trials_best_first(sweep):
    assert (sweep.name, sweep.base, sweep.trials) == ("rates", "toy", ("good", "fair"))
    assert sweep.settings == {"rate": (0.1, 0.001), "kind": ("wide", "deep")}
    assert sweep.scores[0] > sweep.scores[1]


@pytest.mark.parametrize(
    ("values", "scores", "expected"),
    [
        ([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], 1.0),
        ([1, 10, 100, 1000], [0.4, 0.3, 0.2, 0.1], 1.0),
        ([1, 2, 3, 4], [0.2, 0.4, 0.1, 0.3], 0.0),
        ([5, 5, 5], [0.1, 0.2, 0.3], 0.0),
        (["a", "a", "b", "b"], [0.1, 0.2, 0.3, 0.4], 0.7),
        (["a", "b", "c"], [0.1, 0.2, 0.3], 0.0),
        ([True, False, True, False], [0.3, 0.1, 0.4, 0.2], 0.7),
    ],
)
def test_importance_by_hand(values, scores, expected):
    assert importance_of(values, scores) == pytest.approx(expected)
