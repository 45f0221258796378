"""What a network has to beat: how often a task is toxic, and a logistic regression for each task."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse, special

from seqmill.applications.drug_safety.evaluate import SafetyScorer, tasks_of
from seqmill.applications.profiled.design import side
from seqmill.applications.scoring import ScoreJob
from seqmill.profiles.table import read_table

STRENGTHS = (0.003, 0.03, 0.3, 3.0)
"""Inverse penalties tried; validation chooses for each task."""

Floats = npt.NDArray[np.float64]
Predict = Callable[[sparse.csr_array], Floats]


class Labelled(NamedTuple):
    """Molecules of a split: features [n, f], and labels, float64 [n, tasks], nan where missing."""

    x: sparse.csr_array
    labels: Floats

    def known(self, task: int) -> tuple[sparse.csr_array, Floats]:
        """Give features and labels of those with a label of a task."""
        rows = np.flatnonzero(~np.isnan(self.labels[:, task]))
        return self.x[rows], self.labels[rows, task]


def prevalence(job: ScoreJob) -> SafetyScorer:
    """Predict for every molecule the share of the task's training molecules that are toxic."""
    learnt, _ = job.read("train", ())
    shares = [_share(learnt[task].to_numpy(np.float64)) for task in tasks_of(job)]
    return SafetyScorer(job, np.tile(shares, (len(job.examples), 1)))


def logistic(job: ScoreJob) -> SafetyScorer:
    """Predict by a logistic regression on ln(1 + count) of the fingerprint, for each task its own."""
    learnt, held_out, asked = labelled_splits(job)
    columns = [
        _fitted(*learnt.known(task), *held_out.known(task))(asked.x) for task in range(len(tasks_of(job)))
    ]
    return SafetyScorer(job, np.stack(columns, axis=1))


def labelled_splits(job: ScoreJob) -> tuple[Labelled, Labelled, Labelled]:
    """Give the molecules of training and validation, and those that are asked for."""
    x = sparse.csr_array(np.log1p(np.nan_to_num(side(read_table(job.tables["molecules"])))))
    tables: list[pd.DataFrame] = [job.read(split, ())[0] for split in ("train", "validation")]
    parts = [
        Labelled(x[one["molecule"].to_numpy()], one[list(tasks_of(job))].to_numpy(np.float64))
        for one in (*tables, job.examples)
    ]
    return parts[0], parts[1], parts[2]


def _share(labels: Floats) -> float:
    known = labels[~np.isnan(labels)]
    return float(known.mean()) if len(known) else 0.0


def _fitted(x: sparse.csr_array, labels: Floats, held_x: sparse.csr_array, held_labels: Floats) -> Predict:
    """Give the regression with the least held-out cross-entropy; a constant where labels are of one class."""
    from sklearn.linear_model import LogisticRegression

    share = _share(labels)
    if share in (0.0, 1.0):
        return lambda features: np.full(features.shape[0], share)

    def model(strength: float) -> Predict:
        fitted = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
        fitted.fit(x, labels)
        return lambda features: fitted.predict_proba(features)[:, 1]

    models = [model(strength) for strength in STRENGTHS]
    losses = [
        -float(np.sum(special.xlogy(held_labels, said) + special.xlog1py(1 - held_labels, -said)))
        for said in (one(held_x) for one in models)
    ]
    return models[int(np.argmin(losses))]
