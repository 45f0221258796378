"""What was said of each person against what was observed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from seqmill.applications.disease_risk.outcomes import (
    BINARY,
    DISEASE,
    EVENT,
    QUANTITATIVE,
    SURVIVAL,
    TIME,
    TRAIT,
)
from seqmill.applications.profiled.items import blocks_of
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls, further_metric

BINS = 10
"""Groups of about equal size that calibration is measured in."""

Floats = npt.NDArray[np.float64]


class RiskScorer(WithoutCalls):
    """Scores risks; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    said : float array, shape (n,)
        Log-odds of the disease, trait, or logarithm of the hazard of each person.
    """

    def __init__(self, job: ScoreJob, said: npt.NDArray[np.floating]) -> None:
        self._job = job
        self._said = np.asarray(said, np.float64)
        self._outcome = outcome_of(job)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each person; those of one group of the splits, as a family, are drawn together."""
        examples = self._job.examples
        return pd.DataFrame(
            {
                "item": examples["example_id"],
                "cell": [self._job.condition_of(name) for name in examples["sample"]],
                "sample": examples["sample"],
                "profile": examples["profile_id"],
                **self._measured(),
                "block": blocks_of(self._job),
            }
        )

    def further(self) -> list[dict[str, Any]]:
        """Give Brier score and calibration error of a disease, and root mean squared error of a trait."""
        return [
            further_metric(f"{name}.{cell}", value, n=len(inside))
            for cell, inside in self.items(OperatingPoints([])).groupby("cell", sort=True)
            for name, value in self._errors(inside)
        ]

    def _measured(self) -> dict[str, Any]:
        examples = self._job.examples
        if self._outcome == BINARY:
            return {f"score_{DISEASE}": self._said, f"label_{DISEASE}": examples[DISEASE].astype(np.float64)}
        if self._outcome == QUANTITATIVE:
            return {f"predicted_{TRAIT}": self._said, f"observed_{TRAIT}": examples[TRAIT].astype(np.float64)}
        observed = {f"{name}_{SURVIVAL}": examples[name].astype(np.float64) for name in (TIME, EVENT)}
        return {f"risk_{SURVIVAL}": self._said, **observed}

    def _errors(self, items: pd.DataFrame) -> Iterator[tuple[str, float]]:
        if self._outcome == BINARY:
            probability = special.expit(items[f"score_{DISEASE}"].to_numpy())
            disease = items[f"label_{DISEASE}"].to_numpy()
            yield f"brier.{DISEASE}", float(np.mean((probability - disease) ** 2))
            yield f"calibration_error.{DISEASE}", calibration_error(probability, disease)
        if self._outcome == QUANTITATIVE:
            errors = items[f"predicted_{TRAIT}"] - items[f"observed_{TRAIT}"]
            yield f"rmse.{TRAIT}", float(np.sqrt((errors**2).mean()))


def calibration_error(probability: Floats, disease: Floats, *, bins: int = BINS) -> float:
    """Give the mean gap between risk said and share affected, over groups of persons of alike risk.

    Persons are ordered by risk and cut into `bins` groups of about equal size; equal risks stay together.
    This is the expected calibration error with bins of equal mass (Nixon et al. 2019, "Measuring calibration
    in deep learning"), of the risk itself rather than of the likelier class.
    """
    _, which = np.unique(probability, return_inverse=True)
    below = np.cumsum(np.bincount(which)) - np.bincount(which)
    group = (below * bins // len(probability))[which]
    gaps = np.bincount(group, probability - disease, minlength=bins)
    return float(np.abs(gaps).sum() / len(probability))


def outcome_of(job: ScoreJob) -> str:
    """Tell the outcome by the labels of the examples."""
    if DISEASE in job.examples:
        return BINARY
    return QUANTITATIVE if TRAIT in job.examples else SURVIVAL


def evaluate(job: ScoreJob) -> RiskScorer:
    """Score what a model says on a split."""
    examples = job.examples
    said = {
        BINARY: lambda: examples["log_probability_1"] - examples["log_probability_0"],
        QUANTITATIVE: lambda: examples[f"predicted_{TRAIT}"],
        SURVIVAL: lambda: examples["predicted_log_risk"],
    }
    return RiskScorer(job, said[outcome_of(job)]().to_numpy())
