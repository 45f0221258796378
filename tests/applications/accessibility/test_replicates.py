"""Bounds from the planted reads."""

import numpy as np
import pytest

from seqmill.applications.accessibility.evaluate import observed_of
from seqmill.applications.accessibility.replicates import _best, _halves, pseudo_replicate, shuffled
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples

NONE = OperatingPoints([])


@pytest.fixture
def job(dataset, world):
    table = read_examples(dataset.manifest, "test", threads=1)
    return dataset.job("test", {}, examples=table, alignments={"ada": world.reads}, threads=1)


def test_halves_add_up_to_all_ends(job):
    observed = observed_of(job)
    first, second = _halves(job, observed)
    known = np.broadcast_to(observed.known.all(axis=1)[:, None], first.shape)
    np.testing.assert_array_equal((first + second)[known], observed.ends[known])
    assert 0.4 < first.sum() / (first + second).sum() < 0.6


def test_the_ceiling_follows_from_the_correlation_of_the_halves(job):
    scorer = pseudo_replicate(job)
    items = scorer.items(NONE)
    r = np.corrcoef(items["predicted_log_count"], items["observed_log_count"])[0, 1]
    (ceiling,) = scorer.further()
    assert ceiling["metric"] == "ceiling.pearson.log_count"
    assert ceiling["value"] == pytest.approx(np.sqrt(2 * r / (1 + r)))
    assert 0 < ceiling["low"] <= ceiling["value"] <= ceiling["high"] < 1


def test_the_ceiling_is_what_the_truth_would_reach():
    """Poisson counts about known expectations: the truth's own correlation is what is foretold."""
    rng = np.random.default_rng(7)
    truth = rng.gamma(2.0, 10.0, 40_000)
    halves = np.log1p(rng.poisson(truth / 2, (2, len(truth))))
    x, y = halves
    sums = np.array([[len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()]])
    reached = np.corrcoef(np.log1p(truth), np.log1p(rng.poisson(truth)))[0, 1]
    assert float(_best(sums)[0]) == pytest.approx(reached, abs=0.01)


def test_chance_knows_nothing(job):
    items = shuffled(job).items(NONE)
    assert abs(np.corrcoef(items["predicted_log_count"], items["observed_log_count"])[0, 1]) < 0.35
    assert items["value_profile"].notna().any()
