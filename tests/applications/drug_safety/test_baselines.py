"""Baselines against scikit-learn and by hand; a task of one class is a constant."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from seqmill.applications.drug_safety import baselines
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples

NONE = OperatingPoints([])


def scores(safety, baseline):
    job = safety.job("test", {}, examples=read_examples(safety.manifest, "test", threads=1))
    return baseline(job)._scores, job


def test_prevalence_is_the_share_of_the_training(safety):
    said, _ = scores(safety, baselines.prevalence)
    learnt = read_examples(safety.manifest, "train", threads=1)
    assert said[0] == pytest.approx([learnt[task].mean() for task in ("chlorine", "nitrile", "same")])
    assert (said == said[0]).all()


def test_each_task_has_the_regression_that_validation_chooses(safety):
    said, job = scores(safety, baselines.logistic)
    learnt, held_out, asked = baselines.labelled_splits(job)
    for task in range(2):
        x, labels = learnt.known(task)
        models = [
            LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(x, labels)
            for strength in baselines.STRENGTHS
        ]
        held_x, held_labels = held_out.known(task)
        best = min(models, key=lambda one: log_loss(held_labels, one.predict_proba(held_x)[:, 1]))
        assert np.allclose(said[:, task], best.predict_proba(asked.x)[:, 1])
        known = ~np.isnan(asked.labels[:, task])
        assert roc_auc_score(asked.labels[known, task], said[known, task]) > 0.95
    assert not said[:, 2].any()


def test_labels_that_are_missing_are_not_learnt():
    x = sparse.csr_array(np.eye(3))
    split = baselines.Labelled(x, np.array([[1.0, np.nan], [0.0, 1.0], [np.nan, 0.0]]))
    features, labels = split.known(1)
    assert labels.tolist() == [1.0, 0.0]
    assert features.toarray().tolist() == [[0, 1, 0], [0, 0, 1]]
