"""Similarities and votes by hand, and on planted molecules."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import roc_auc_score

from seqmill.applications.drug_safety.neighbours import nearest, share_of_nearest, similarities
from seqmill.evaluation.dataset import read_examples


def test_similarity_is_shared_over_either():
    a = sparse.csr_array(np.array([[1.0, 2, 0, 0], [0, 0, 0, 0]]))
    b = sparse.csr_array(np.array([[5.0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]))
    assert similarities(a, b) == pytest.approx(np.array([[1 / 3, 1, 0], [0, 0, 0]]))


def test_the_nearest_vote_by_similarity():
    similar = np.array([[0.9, 0.1, 0.3], [0.2, 0.6, 0.0]])
    labels = np.array([1.0, 0.0, 0.0])
    assert share_of_nearest(similar, labels, 1) == pytest.approx([1, 0])
    assert share_of_nearest(similar, labels, 2) == pytest.approx([0.75, 0.25])
    assert share_of_nearest(similar, labels, 9) == pytest.approx([0.9 / 1.3, 0.25])
    assert share_of_nearest(similar[:, :0], labels[:0], 5).tolist() == [0, 0]


def test_planted_toxicity_is_found_among_neighbours(safety):
    job = safety.job("test", {}, examples=read_examples(safety.manifest, "test", threads=1))
    said = nearest(job)._scores
    for at, task in enumerate(("chlorine", "nitrile")):
        known = job.examples[task].notna().to_numpy()
        assert roc_auc_score(job.examples[task][known], said[known, at]) > 0.8
    assert said[:, 2] == pytest.approx(0)
