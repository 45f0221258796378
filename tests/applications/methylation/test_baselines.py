"""Features by hand; the fit against weights that are known."""

import numpy as np
import pytest
from scipy.special import expit

from seqmill.applications.methylation import baselines
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import score
from seqmill.genome.bases import codes_of


def rows(*texts):
    return np.stack([codes_of(text) for text in texts])


def test_gc_is_a_share_of_the_known_bases():
    np.testing.assert_allclose(baselines.gc_features(rows("ACGTN")), [[0.5, 0.25]])


def test_contexts_of_cytosines_and_neighbours_of_others():
    found = baselines.context_features(rows("AACGA", "TTCGT", "AACAG", "AATCA", "GATCG", "AAAAA")).toarray()
    assert (found.sum(axis=1) == 1).all()
    column = found.argmax(axis=1).tolist()
    assert column[:3] == [0, 0, 1]
    assert column[3] == column[4]
    assert len(set(column)) == 4


def test_kmers_are_counted_wherever_they_stand():
    found = baselines.kmer_features(rows("ACGTACGT", "ACGTNACG")).toarray()
    acgt = int("0123", 4)
    assert found[:, acgt].tolist() == [2, 1]
    assert found.sum(axis=1).tolist() == [5, 1]


def test_positions_have_a_column_for_each_base():
    found = baselines.position_features(rows("ACN")).toarray()
    assert np.flatnonzero(found[0]).tolist() == [0, 5]


def test_a_soft_label_counts_by_its_calls():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(4_000, 2))
    level = expit(x @ [1.5, -0.5] - 1)
    coverage = rng.integers(1, 30, len(x)).astype(float)
    observed = rng.binomial(coverage.astype(int), level) / coverage
    told = (x, observed, coverage / coverage.mean())
    model = baselines._fitted(told, told)
    grid = rng.normal(size=(200, 2))
    np.testing.assert_allclose(model(grid), expit(grid @ [1.5, -0.5] - 1), atol=0.04)


def test_where_nothing_is_modified_nothing_is_predicted():
    told = (np.zeros((5, 2)), np.zeros(5), np.ones(5))
    assert baselines._fitted(told, told)(np.ones((3, 2))).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "least", "most"), [("gc", 0, 0.3), ("context", 0.03, 0.7), ("position_logistic", 0.9, 1)]
)
def test_baselines_know_what_their_features_tell(dataset, name, least, most):
    job = dataset.job("test", {}, examples=read_examples(dataset.manifest, "test", threads=1), threads=1)
    items = getattr(baselines, name)(job).items(OperatingPoints([]))
    found = {row["metric"]: row["value"] for row in score(items, replicates=10)}
    assert least <= found["auprc.6mA.clean"] <= most
