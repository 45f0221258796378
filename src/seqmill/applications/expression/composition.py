"""Baselines that know the words of a promoter: its share of G and C, its k-mers, and where they stand."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from seqmill.applications.expression.evaluate import LevelScorer
from seqmill.applications.ridge import fit_ridge
from seqmill.applications.scoring import ScoreJob
from seqmill.genome.words import Codes, gc_share, words_of

K = 5

POSITIONAL = ((3, 10), (4, 5), (K, 1))
"""Length of words, and into how many stretches a promoter is cut to count them."""

PENALTIES = (10.0, 100.0, 300.0, 1e3, 3e3, 1e4)
"""Ridge penalties tried on counts; validation chooses."""

Floats = npt.NDArray[np.float64]


def gc(job: ScoreJob) -> LevelScorer:
    """Predict by a parabola of the share of G and C."""
    return _ridge(job, gc_features)


def kmer_ridge(job: ScoreJob) -> LevelScorer:
    """Predict by ridge regression on the numbers of all 5-mers."""
    return _ridge(job, lambda codes: kmer_counts(codes, K, 1))


def positional_ridge(job: ScoreJob) -> LevelScorer:
    """Predict by ridge regression on 3-mers by tenths of the promoter, 4-mers by fifths, 5-mers anywhere."""
    return _ridge(job, positional_features)


def gc_features(codes: Codes) -> Floats:
    """Give the share of G and C among the known bases, and its square, in per cent: float64 [n, 2]."""
    share = 100 * gc_share(codes)
    return np.stack([share, share**2 / 100], axis=1)


def positional_features(codes: Codes) -> Floats:
    """Give the counts of `POSITIONAL` side by side."""
    return np.hstack([kmer_counts(codes, k, stretches) for k, stretches in POSITIONAL])


def kmer_counts(codes: Codes, k: int, stretches: int) -> Floats:
    """Count the words of k bases that begin in each of some stretches of about the same length.

    Words on this strand alone; those with an unknown base are left out.

    Returns
    -------
    float64 array, shape (n, stretches * 4**k)
    """
    words = words_of(codes, k)
    rows, places = words.shape
    stretch = np.arange(places) * stretches // places
    feature = (np.arange(rows)[:, None] * stretches + stretch) * 4**k + words
    counted = np.bincount(feature[words >= 0], minlength=rows * stretches * 4**k)
    return counted.reshape(rows, -1).astype(np.float64)


def _ridge(job: ScoreJob, features: Callable[[Codes], Floats]) -> LevelScorer:
    def learn(split: str) -> tuple[Floats, Floats]:
        examples, payloads = job.read(split, ["sequence"])
        return features(payloads["sequence"]), examples["level"].to_numpy(np.float64)

    model = fit_ridge(*learn("train"), learn("validation"), penalties=PENALTIES, standardised=False)
    _, payloads = job.read(job.split, ["sequence"])
    return LevelScorer(job, model(features(payloads["sequence"])))
