"""Whether toxic molecules rank above others, task by task, and on average over tasks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.profiled.items import blocks_of
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls, further_metric
from seqmill.shards.order import example_id, order_key

Floats = npt.NDArray[np.floating]


class SafetyScorer(WithoutCalls):
    """Ranks molecules; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    scores : float array, shape (n, tasks)
        What is said of each example; higher is more likely toxic.
    """

    averages_cells = True

    def __init__(self, job: ScoreJob, scores: Floats) -> None:
        self._job = job
        self._scores = np.asarray(scores, np.float64)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each label that is there; a cell is ``CONDITION.TASK``.

        Molecules of one group of the splits are drawn together. Cells of which all molecules are toxic, or
        none is, rank nothing and are left out; `further` tells them.
        """
        return pd.concat(
            [inside for _, inside in self._cells() if inside["label_toxic"].nunique() > 1]
            or [inside[:0] for _, inside in self._cells()],
            ignore_index=True,
        )

    def further(self) -> list[dict[str, Any]]:
        """Give the molecules of each cell that cannot be ranked, since they are of one class."""
        return [
            further_metric(f"one_class.{cell}", len(inside), n=len(inside))
            for cell, inside in self._cells()
            if inside["label_toxic"].nunique() < 2
        ]

    def _cells(self) -> Iterator[tuple[str, pd.DataFrame]]:
        examples, blocks = self._job.examples, blocks_of(self._job)
        conditions = np.array([self._job.condition_of(name) for name in examples["sample"]])
        for condition in dict.fromkeys(conditions):
            for at, task in enumerate(tasks_of(self._job)):
                labels = examples[task].to_numpy(np.float64)
                known = ~np.isnan(labels) & (conditions == condition)
                yield (
                    f"{condition}.{task}",
                    pd.DataFrame(
                        {
                            "item": order_key(
                                example_id(task), examples["example_id"].to_numpy(np.uint64)[known]
                            ),
                            "cell": f"{condition}.{task}",
                            "sample": examples["sample"].to_numpy()[known],
                            "molecule": examples["molecule_id"].to_numpy()[known],
                            "score_toxic": self._scores[known, at],
                            "label_toxic": labels[known],
                            "block": blocks[known],
                        }
                    ),
                )


def evaluate(job: ScoreJob) -> SafetyScorer:
    """Score a model's ``probability_0``, ... on a split."""
    names = [f"probability_{at}" for at in range(len(tasks_of(job)))]
    return SafetyScorer(job, job.examples[names].to_numpy(np.float64))


def tasks_of(job: ScoreJob) -> tuple[str, ...]:
    """Give the tasks of the dataset, in the order of the outputs."""
    return tuple(job.plan["options"]["tasks"])
