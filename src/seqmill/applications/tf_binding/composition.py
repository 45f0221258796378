"""Baselines that know what a window is made of, but not in which order: GC content and k-mers."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from seqmill.applications.ridge import Floats, fit_ridge
from seqmill.applications.scoring import ScoreJob
from seqmill.applications.tf_binding.evaluate import BindingScorer
from seqmill.applications.tf_binding.spec import BOUND, UNKNOWN
from seqmill.genome.words import Codes, canonical_words, gc_share, words_of

K = 5


def gc(job: ScoreJob) -> BindingScorer:
    """Score by a parabola of the share of G and C."""
    return _ridge(job, gc_features)


def kmer_ridge(job: ScoreJob) -> BindingScorer:
    """Score by ridge regression on the 5-mers of a window, either strand."""
    return _ridge(job, kmer_features)


def gc_features(codes: Codes) -> Floats:
    """Give the share of G and C among known bases, and its square, float64 [n, 2]."""
    share = gc_share(codes)
    return np.stack([share, share**2], axis=1)


def kmer_features(codes: Codes) -> Floats:
    """Count 5-mers, one and its reverse complement as the same: float64 [n, 512]."""
    words, names = words_of(codes, K), canonical_words(K)
    kinds = int(names.max()) + 1
    feature = np.where(words < 0, kinds, names[words])
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
