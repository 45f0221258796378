"""Which windows are bound: ranked against shuffles, against other factors' peaks, against the genome."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls
from seqmill.applications.tf_binding.peaks import Labels
from seqmill.applications.tf_binding.spec import BOUND, GC_MATCHED, PEAK, SHUFFLED, UNBOUND, Options
from seqmill.shards.order import example_id, order_key

BLOCK = 1000
"""Bases of a contig that are drawn together in a bootstrap: a peak, its shuffles, and what overlaps them."""

OTHER_FACTORS = "other_factors"
"""The condition in which peaks of a factor are ranked against peaks of others."""

Floats = npt.NDArray[np.floating]


class BindingScorer(WithoutCalls):
    """Ranks windows for each factor; see `seqmill.applications.scoring.Scorer`. There are no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    scores : float array, shape (n, factors)
        What is said of each example; higher is more likely bound.
    """

    def __init__(self, job: ScoreJob, scores: Floats) -> None:
        self._job = job
        self._scores = scores
        self._factors = job_options(job).factors

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each example in each condition that it takes part in.

        Conditions are ``CONDITION.shuffled``, ``CONDITION.gc_matched`` and ``CONDITION.other_factors``: the
        peaks of a factor against windows of that kind, or against peaks of other factors. What a window is no
        example of, or nobody knows, has no label.
        """
        bound = bound_of(self._job, self._job.split)
        return pd.concat(list(self._conditions(bound)), ignore_index=True)

    def _conditions(self, bound: Labels) -> Iterator[pd.DataFrame]:
        kinds = self._job.examples["kind"].to_numpy()
        peak, positive = kinds == PEAK, bound == BOUND
        for kind in (SHUFFLED, GC_MATCHED):
            against = kinds == kind
            if against.any():
                yield self._table(kind, positive, (bound == UNBOUND) & against[:, None])
        if len(self._factors) > 1:
            yield self._table(OTHER_FACTORS, positive, (bound == UNBOUND) & peak[:, None])

    def _table(
        self, name: str, positive: npt.NDArray[np.bool_], negative: npt.NDArray[np.bool_]
    ) -> pd.DataFrame:
        rows = (positive | negative).any(axis=1)
        examples = self._job.examples[rows]
        labels = np.where(positive, 1.0, np.where(negative, 0.0, np.nan))[rows]
        scores = self._scores[rows]
        measured = {}
        for at, factor in enumerate(self._factors):
            measured |= {f"score_{factor}": scores[:, at], f"label_{factor}": labels[:, at]}
        sample, contig = (examples[column].to_numpy() for column in ("sample", "contig"))
        return pd.DataFrame(
            {
                "item": order_key(example_id(name), examples["example_id"].to_numpy(np.uint64)),
                "cell": [f"{self._job.condition_of(one)}.{name}" for one in sample],
                **measured,
                "block": _blocks(contig, examples["start"].to_numpy(np.int64)),
                "stratum_contig": contig,
            }
        )


def evaluate(job: ScoreJob) -> BindingScorer:
    """Score a model's predictions on a split.

    Parameters
    ----------
    job : ScoreJob
        With ``logit_0``, ... of each example.
    """
    names = [f"logit_{at}" for at in range(len(job_options(job).factors))]
    return BindingScorer(job, job.examples[names].to_numpy(np.float64))


def job_options(job: ScoreJob) -> Options:
    """Give the example options of the dataset."""
    given = dict(job.plan["options"])
    return Options(**given | {"factors": tuple(given["factors"])})


def bound_of(job: ScoreJob, split: str) -> Labels:
    """Give the labels of a split, uint8 [n, factors]."""
    _, payloads = job.read(split, ["bound"])
    return payloads["bound"]


def _blocks(contigs: npt.NDArray[Any], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    places = list(zip(contigs, (starts // BLOCK).tolist(), strict=True))
    keys = {place: example_id(*place) for place in dict.fromkeys(places)}
    return np.array([keys[place] for place in places], np.uint64)
