"""Predicted against observed levels, promoter by promoter."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls
from seqmill.shards.order import example_id


class LevelScorer(WithoutCalls):
    """Scores levels; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    predicted : float array, shape (n,)
        Level of each example.
    """

    def __init__(self, job: ScoreJob, predicted: npt.NDArray[np.floating]) -> None:
        self._job = job
        self._predicted = np.asarray(predicted, np.float64)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each example; those of one promoter in several samples are drawn together."""
        examples = self._job.examples
        places = examples[["contig", "start", "strand"]].itertuples(index=False, name=None)
        table = pd.DataFrame(
            {
                "item": examples["example_id"],
                "cell": [self._job.condition_of(name) for name in examples["sample"]],
                "sample": examples["sample"],
                "name": examples["name"],
                "contig": examples["contig"],
                "start": examples["start"],
                "predicted_level": self._predicted,
                "observed_level": examples["level"].astype(np.float64),
                "block": np.array([example_id(*place) for place in places], np.uint64),
            }
        )
        if (examples["group"] != "").any():
            table["stratum_group"] = examples["group"]
        return table


def evaluate(job: ScoreJob) -> LevelScorer:
    """Score a model's ``predicted_level`` on a split."""
    return LevelScorer(job, job.examples["predicted_level"].to_numpy())
