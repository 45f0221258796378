"""How well masked bases are told, example by example."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls, further_metric
from seqmill.shards.order import example_id

BLOCK = 30_000
"""Bases of a contig that are drawn together in a bootstrap: neighbouring examples are alike."""

Floats = npt.NDArray[np.float64]


class Told(NamedTuple):
    """What a caller says of n examples.

    Attributes
    ----------
    log_likelihood : float64 array [n]
        Mean natural logarithm of the probability of the masked bases.
    accuracy : float64 array [n]
        Share of them whose most probable base is the true one.
    bases : int64 array [n]
        How many were masked.
    """

    log_likelihood: Floats
    accuracy: Floats
    bases: npt.NDArray[np.int64]


class BaseScorer(WithoutCalls):
    """Scores examples; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    told : Told
        What is scored.
    further : sequence of dict
        Metrics that are no measure of items.
    """

    def __init__(self, job: ScoreJob, told: Told, *, further: Sequence[dict[str, Any]] = ()) -> None:
        self._job = job
        self._told = told
        self._further = list(further)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each example with a masked base; likelihoods are in bits, so that more is better."""
        asked = self._told.bases > 0
        examples = self._job.examples[asked]
        return pd.DataFrame(
            {
                "item": examples["example_id"].to_numpy(np.uint64),
                "cell": [self._job.condition_of(name) for name in examples["sample"]],
                "sample": examples["sample"].to_numpy(),
                "contig": examples["contig"].to_numpy(),
                "start": examples["start"].to_numpy(np.int64),
                "value_log2_likelihood": self._told.log_likelihood[asked] / math.log(2),
                "value_accuracy": self._told.accuracy[asked],
                "block": [
                    example_id(sample, contig, start // BLOCK)
                    for sample, contig, start in zip(
                        examples["sample"], examples["contig"], examples["start"].tolist(), strict=True
                    )
                ],
                "stratum_contig": examples["contig"].to_numpy(),
            }
        ).astype({"block": np.uint64})

    def further(self) -> list[dict[str, Any]]:
        """Give the perplexity of each condition, and what the caller adds."""
        cells = np.array([self._job.condition_of(name) for name in self._job.examples["sample"]])
        return [self._perplexity(cell, cells == cell) for cell in dict.fromkeys(cells)] + self._further

    def _perplexity(self, cell: str, own: npt.NDArray[np.bool_]) -> dict[str, Any]:
        bases = self._told.bases[own]
        value = math.exp(-np.average(self._told.log_likelihood[own], weights=bases)) if bases.any() else 4.0
        return further_metric(f"perplexity.{cell}", value, n=int(bases.sum()))


def evaluate(job: ScoreJob) -> BaseScorer:
    """Score a model's predictions on a split.

    Parameters
    ----------
    job : ScoreJob
        With ``log_likelihood_0``, ... and ``accuracy`` of each example.
    """
    places = [name for name in job.examples if name.startswith("log_likelihood_")]
    likelihoods = job.examples[places].to_numpy(np.float64)
    bases = (~np.isnan(likelihoods)).sum(axis=1)
    mean = np.nansum(likelihoods, axis=1) / np.maximum(bases, 1)
    return BaseScorer(job, Told(mean, job.examples["accuracy"].to_numpy(np.float64), bases))
