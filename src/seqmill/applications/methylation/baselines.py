"""What a prediction has to beat: composition, context and words around the site; and the reads as a bound."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse, special

from seqmill.applications.methylation.evaluate import Floats, SiteScorer
from seqmill.applications.methylation.spec import options_of
from seqmill.applications.methylation.windows import Codes, contexts_of
from seqmill.applications.scoring import ScoreJob
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.words import gc_share, words_of

K = 4
STRENGTHS = (1e-4, 1e-2, 1.0)
"""Inverse penalties tried; validation chooses."""

Features = Callable[[Codes], Any]


def gc(job: ScoreJob) -> SiteScorer:
    """Predict by the share of G and C in the window, and its square."""
    return _logistic(job, gc_features)


def context(job: ScoreJob) -> SiteScorer:
    """Predict by the context alone: CpG, CHG or CHH; for other bases by the neighbours on either side."""
    return _logistic(job, context_features)


def kmer_logistic(job: ScoreJob) -> SiteScorer:
    """Predict by logistic regression on the counts of 4-mers in the window, wherever they stand."""
    return _logistic(job, kmer_features)


def position_logistic(job: ScoreJob) -> SiteScorer:
    """Predict by logistic regression on the base at each position: a weight matrix that was fitted."""
    return _logistic(job, position_features)


def reads(job: ScoreJob) -> SiteScorer:
    """Tell the level that the site's own reads show; to be held against levels from elsewhere alone."""
    marks = options_of(job.plan["options"]).marks
    observed = job.examples[[f"level_{mark}" for mark in marks]].to_numpy(np.float64)
    return SiteScorer(job, observed, against_reads=False)


def gc_features(windows: Codes) -> Floats:
    """Give share of G and C among known bases, and its square, float64 [n, 2]."""
    share = gc_share(windows)
    return np.stack([share, share**2], axis=1)


def context_features(windows: Codes) -> sparse.csr_array:
    """Give one column for each context of a cytosine, and for each pair of neighbours of another base."""
    middle = windows.shape[1] // 2
    found = contexts_of(windows)
    before, after = windows[:, middle - 1].astype(int), windows[:, middle + 1].astype(int)
    column = np.where(found < 0, 3 + 5 * before + after, found)
    return _indicators(column[:, None], 3 + 25)


def kmer_features(windows: Codes) -> sparse.csr_array:
    """Count the K-mers of known bases, [n, 4**K]."""
    return _indicators(words_of(windows, K), 4**K)


def position_features(windows: Codes) -> sparse.csr_array:
    """Give one column for each base at each position, [n, 4 * window]; none where no base is known."""
    places = 4 * np.arange(windows.shape[1]) + windows
    return _indicators(np.where(windows == AMBIGUOUS, -1, places), 4 * windows.shape[1])


def _indicators(columns: npt.NDArray[np.int64], width: int) -> sparse.csr_array:
    """Count in each row how often each column is named; -1 names none."""
    row, at = np.nonzero(columns >= 0)
    there = (np.ones(len(row), np.float64), (row, columns[row, at]))
    return sparse.csr_array(there, shape=(len(columns), width))


class _Split(NamedTuple):
    """Features of a split's sites, with level and coverage by mark."""

    x: Any
    examples: pd.DataFrame

    @classmethod
    def read(cls, job: ScoreJob, split: str, features: Features) -> "_Split":
        examples, payloads = job.read(split, ["sequence"])
        return cls(features(payloads["sequence"]), examples)

    def of(self, mark: str) -> tuple[Any, Floats, Floats]:
        """Give features, level and weight, of mean 1, of the sites whose level of a mark is known."""
        level, coverage = (
            self.examples[f"{name}_{mark}"].to_numpy(np.float64) for name in ("level", "coverage")
        )
        known = np.flatnonzero(coverage > 0)
        return self.x[known], level[known], coverage[known] / max(coverage[known].mean(), 1)


def _logistic(job: ScoreJob, features: Features) -> SiteScorer:
    """Fit each mark on training sites, its penalty on validation, and predict the split."""
    marks = options_of(job.plan["options"]).marks
    learnt, held_out = (_Split.read(job, split, features) for split in ("train", "validation"))
    _, payloads = job.read(job.split, ["sequence"])
    x = features(payloads["sequence"])
    predicted = [_fitted(learnt.of(mark), held_out.of(mark))(x) for mark in marks]
    return SiteScorer(job, np.stack(predicted, axis=1))


def _fitted(
    learnt: tuple[Any, Floats, Floats], held_out: tuple[Any, Floats, Floats]
) -> Callable[[Any], Floats]:
    """Give features -> level: the strength of those tried with the least held-out cross-entropy.

    A soft label is a positive and a negative that share its weight. Where nothing, or everything, is
    modified the level is that everywhere.
    """
    from sklearn.linear_model import LogisticRegression

    x, level, weight = learnt
    mean = float(np.average(level, weights=weight)) if len(level) else 0.0
    if mean in (0.0, 1.0):
        return lambda features: np.full(features.shape[0], mean)
    stack = sparse.vstack if sparse.issparse(x) else np.vstack
    doubled = stack([x, x])
    labels = np.repeat([1, 0], len(level))
    weights = np.concatenate([level, 1 - level]) * np.tile(weight, 2)

    def model(strength: float) -> Callable[[Any], Floats]:
        fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
        fitted.fit(doubled, labels, sample_weight=weights)
        return lambda features: fitted.predict_proba(features)[:, 1]

    models = [model(strength) for strength in STRENGTHS]
    losses = [_cross_entropy(one(held_out[0]), *held_out[1:]) for one in models]
    return models[int(np.argmin(losses))]


def _cross_entropy(predicted: Floats, level: Floats, weight: Floats) -> float:
    losses = special.xlogy(level, predicted) + special.xlog1py(1 - level, -predicted)
    return float(-np.sum(losses * weight))
