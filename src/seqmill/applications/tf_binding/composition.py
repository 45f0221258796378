"""Baselines that know what a window is made of, but not in which order: GC content and k-mers."""

from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt

from seqmill.applications.ridge import Floats, fit_ridge
from seqmill.applications.scoring import ScoreJob
from seqmill.applications.tf_binding.evaluate import BindingScorer
from seqmill.applications.tf_binding.spec import BOUND, UNKNOWN
from seqmill.genome.bases import AMBIGUOUS

K = 5

Codes = npt.NDArray[np.uint8]


def gc(job: ScoreJob) -> BindingScorer:
    """Score by a parabola of the share of G and C."""
    return _ridge(job, gc_features)


def kmer_ridge(job: ScoreJob) -> BindingScorer:
    """Score by ridge regression on the 5-mers of a window, either strand."""
    return _ridge(job, kmer_features)


def gc_features(codes: Codes) -> Floats:
    """Give the share of G and C among known bases, and its square, float64 [n, 2]."""
    strong = ((codes == 1) | (codes == 2)).sum(axis=1)
    share = strong / np.maximum((codes != AMBIGUOUS).sum(axis=1), 1)
    return np.stack([share, share**2], axis=1)


def kmer_features(codes: Codes) -> Floats:
    """Count 5-mers, one and its reverse complement as the same: float64 [n, 512]."""
    index = np.zeros((len(codes), codes.shape[1] - K + 1), np.int64)
    unknown = np.zeros(index.shape, bool)
    for at in range(K):
        column = codes[:, at : at + index.shape[1]]
        index = 4 * index + np.minimum(column, 3)
        unknown |= column == AMBIGUOUS
    names = _canonical()
    kinds = int(names.max()) + 1
    feature = np.where(unknown, kinds, names[index])
    return np.stack([np.bincount(row, minlength=kinds + 1)[:kinds] for row in feature]).astype(np.float64)


def _ridge(job: ScoreJob, features: Callable[[Codes], Floats]) -> BindingScorer:
    """Fit each factor for itself on the training examples in which it is known."""
    (x, bound), (held, held_bound) = (_labelled(job, split, features) for split in ("train", "validation"))
    asked = features(job.read(job.split, ["sequence"])[1]["sequence"])
    scores = np.zeros((len(asked), bound.shape[1]))
    for factor in range(bound.shape[1]):
        known, judged = bound[:, factor] != UNKNOWN, held_bound[:, factor] != UNKNOWN
        wanted, checked = (of[:, factor] == BOUND for of in (bound, held_bound))
        model = fit_ridge(
            x[known], wanted[known].astype(float), (held[judged], checked[judged].astype(float))
        )
        scores[:, factor] = model(asked)
    return BindingScorer(job, scores)


def _labelled(
    job: ScoreJob, split: str, features: Callable[[Codes], Floats]
) -> tuple[Floats, npt.NDArray[np.uint8]]:
    _, payloads = job.read(split, ["bound", "sequence"])
    return features(payloads["sequence"]), payloads["bound"]


def _canonical() -> npt.NDArray[np.int64]:
    """Number the k-mers so that one and its reverse complement share a number, int64 [4**K]."""
    kmers = np.array(list(product(range(4), repeat=K)))
    powers = 4 ** np.arange(K)[::-1]
    own, other = kmers @ powers, (3 - kmers[:, ::-1]) @ powers
    _, names = np.unique(np.minimum(own, other), return_inverse=True)
    return names.astype(np.int64)
