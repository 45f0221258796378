"""Top-k accuracy and average precision by hand and against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.splicing.measures import average_precision, top_k

SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=40)


def test_the_sites_among_the_best_are_found():
    scores, label = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, False, True])
    np.testing.assert_array_equal(top_k(scores, label), [1.0, np.nan, np.nan, 0.0])


def test_a_shared_score_gives_the_chance_to_be_drawn():
    scores, label = np.array([1.0, 0.5, 0.5, 0.5]), np.array([False, True, True, False])
    np.testing.assert_allclose(top_k(scores, label)[1:3], 1 / 3)


@given(SCORED)
def test_top_k_is_precision_and_recall_of_a_random_order_of_ties(rows):
    scores, label = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    k = int(label.sum())
    if not k:
        assert np.isnan(top_k(scores, label)).all()
        return
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(400):
        order = rng.permutation(len(scores))
        best = order[np.argsort(-scores[order], kind="stable")][:k]
        hits.append(label[best].mean())
    assert np.nanmean(top_k(scores, label)) == pytest.approx(np.mean(hits), abs=0.12)


@given(SCORED)
def test_average_precision_is_that_of_a_walk_over_thresholds(rows):
    scores, label = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    if not label.any():
        assert np.isnan(average_precision(scores, label))
        return
    wanted, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        called = scores >= threshold
        recall = (called & label).sum() / label.sum()
        wanted += (recall - before) * (called & label).sum() / called.sum()
        before = recall
    assert average_precision(scores, label) == pytest.approx(wanted)
