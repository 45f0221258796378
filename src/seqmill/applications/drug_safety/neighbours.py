"""What the most similar molecules of the training are."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from seqmill.applications.drug_safety.baselines import Labelled, labelled_splits
from seqmill.applications.drug_safety.evaluate import SafetyScorer, tasks_of
from seqmill.applications.scoring import ScoreJob

NUMBERS = (1, 5, 20)
"""Neighbours tried; validation chooses one number for each task."""

Floats = npt.NDArray[np.float64]


def nearest(job: ScoreJob) -> SafetyScorer:
    """Predict the share of toxic ones among the most similar training molecules, weighted by similarity.

    Similarity is that of Tanimoto (Rogers and Tanimoto 1960) between the bits of the fingerprints.
    """
    learnt, held_out, asked = labelled_splits(job)
    by_asked, by_held_out = (similarities(one.x, learnt.x) for one in (asked, held_out))
    columns = []
    for task in range(len(tasks_of(job))):
        rows = np.flatnonzero(~np.isnan(learnt.labels[:, task]))
        labels = learnt.labels[rows, task]
        number = _chosen(by_held_out[:, rows], labels, held_out, task)
        columns.append(share_of_nearest(by_asked[:, rows], labels, number))
    return SafetyScorer(job, np.stack(columns, axis=1))


def similarities(a: sparse.csr_array, b: sparse.csr_array) -> Floats:
    """Give the similarity of Tanimoto of the features that are there, [n, m]; 0 of two without any."""
    first, second = ((one > 0).astype(np.float64) for one in (a, b))
    shared = (first @ second.T).toarray()
    either = first.sum(axis=1)[:, None] + second.sum(axis=1)[None, :] - shared
    return np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)


def share_of_nearest(similar: Floats, labels: Floats, number: int) -> Floats:
    """Give the mean label of the most similar ones, weighted by similarity, [n].

    Parameters
    ----------
    similar : float64 array, shape (n, m)
        Similarity to each of m molecules.
    labels : float64 array, shape (m,)
        What these are.
    number : int
        How many are asked; all where there are fewer.
    """
    if not len(labels):
        return np.zeros(len(similar))
    number = min(number, len(labels))
    which = np.argpartition(-similar, number - 1, axis=1)[:, :number]
    weights = np.take_along_axis(similar, which, axis=1) + 1e-9
    return (weights * labels[which]).sum(axis=1) / weights.sum(axis=1)


def _chosen(similar: Floats, labels: Floats, held_out: Labelled, task: int) -> int:
    """Give the number of neighbours that ranks the held-out molecules best; the middle one if none can."""
    from sklearn.metrics import roc_auc_score

    known = ~np.isnan(held_out.labels[:, task])
    wanted = held_out.labels[known, task]
    if len(np.unique(wanted)) < 2:
        return NUMBERS[1]
    areas = [roc_auc_score(wanted, share_of_nearest(similar[known], labels, number)) for number in NUMBERS]
    return NUMBERS[int(np.argmax(areas))]
