"""Predicted against observed levels, site by site."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.methylation.bedmethyl import read_bedmethyl
from seqmill.applications.methylation.calibration import calibration_error
from seqmill.applications.methylation.spec import CONTEXTS, MODIFIED, options_of
from seqmill.applications.methylation.windows import contexts_of
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls
from seqmill.shards.order import example_id

BLOCK = 5_000
"""Bases of a contig that are drawn together in a bootstrap: neighbouring sites share reads and windows."""

LEVELS = "levels"
"""Name of the file of levels that another assay, or the generator, tells."""

Floats = npt.NDArray[np.float64]


class SiteScorer(WithoutCalls):
    """Scores sites; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Each mark is a level of the table of items; a site that cannot carry a mark, or has too few calls of it,
    has no value there. Where the dataset names ``levels``, each mark has a second one, ``MARK_truth``.

    Parameters
    ----------
    job : ScoreJob
        The split.
    predicted : float64 array, shape (n, marks)
        What is scored.
    against_reads : bool
        Whether it is scored against the reads too; not where it was made of them.
    """

    def __init__(self, job: ScoreJob, predicted: Floats, *, against_reads: bool = True) -> None:
        self._job = job
        self._options = options_of(job.plan["options"])
        self._predicted = predicted
        self._against_reads = against_reads

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each site."""
        examples = self._job.examples
        condition = {
            name: facts.get("condition") or name for name, facts in self._job.plan["samples"].items()
        }
        _, payloads = self._job.read(self._job.split, ["sequence"])
        names = np.array([*CONTEXTS, "other"])
        columns = {
            "item": examples["example_id"],
            "cell": examples["sample"].map(condition),
            "sample": examples["sample"],
            "contig": examples["contig"],
            "start": examples["start"],
            "strand": examples["strand"],
            "block": self._blocks(),
            "stratum_context": names[contexts_of(payloads["sequence"])],
        }
        return pd.DataFrame(columns | self._measured())

    def further(self) -> list[dict[str, Any]]:
        """Give the expected calibration error of each mark, weighted by coverage."""
        if not self._against_reads:
            return []
        blocks = self._blocks()
        return [
            calibration_error(
                mark,
                predicted=self._predicted[:, column],
                observed=self._job.examples[f"level_{mark}"].to_numpy(np.float64),
                weight=self._coverage(mark),
                block=blocks,
            )
            for column, mark in enumerate(self._options.marks)
            if self._coverage(mark).any()
        ]

    def _coverage(self, mark: str) -> Floats:
        return self._job.examples[f"coverage_{mark}"].to_numpy(np.float64)

    def _measured(self) -> dict[str, Floats]:
        """Give the columns of pairs and ranking, by mark."""
        columns = {}
        truth = self._job.plan.get("files", {}).get(LEVELS)
        for column, mark in enumerate(self._options.marks):
            predicted, known = self._predicted[:, column], self._coverage(mark) > 0
            if self._against_reads:
                observed = self._job.examples[f"level_{mark}"].to_numpy(np.float64)
                columns |= _pair(mark, predicted, np.where(known, observed, np.nan))
        if truth:
            told = _told_levels(Path(truth), self._job.examples, self._options.marks)
            for column, mark in enumerate(self._options.marks):
                known = self._coverage(mark) > 0
                columns |= _pair(
                    f"{mark}_truth", self._predicted[:, column], np.where(known, told[mark], np.nan)
                )
        return columns

    def _blocks(self) -> npt.NDArray[np.uint64]:
        examples = self._job.examples
        places = list(
            zip(examples["sample"], examples["contig"], examples["start"].to_numpy() // BLOCK, strict=True)
        )
        keys = {place: example_id(*place) for place in dict.fromkeys(places)}
        return np.array([keys[place] for place in places], np.uint64)


def evaluate(job: ScoreJob) -> SiteScorer:
    """Score a model's predictions on a split.

    Parameters
    ----------
    job : ScoreJob
        With ``predicted_level_0``, ... of each example, in the order of the marks.
    """
    marks = options_of(job.plan["options"]).marks
    names = [f"predicted_level_{column}" for column in range(len(marks))]
    return SiteScorer(job, job.examples[names].to_numpy(np.float64))


def _pair(level: str, predicted: Floats, observed: Floats) -> dict[str, Floats]:
    """Give what a table of items needs to correlate levels, and to rank modified sites above others."""
    known = np.isfinite(observed)
    return {
        f"predicted_{level}": predicted,
        f"observed_{level}": observed,
        f"score_{level}": predicted,
        f"label_{level}": np.where(known, observed >= MODIFIED, np.nan),
    }


def _told_levels(path: Path, examples: pd.DataFrame, marks: Sequence[str]) -> dict[str, Floats]:
    """Look up the levels that a bedMethyl tells of each example; nan where it tells none."""
    told = read_bedmethyl(path)
    strand = np.where(examples["strand"] == "-", -1, 1)
    places = pd.MultiIndex.from_arrays([examples["contig"], examples["start"], strand])
    found = {}
    for mark in marks:
        own = told[told["mark"] == mark].drop_duplicates(["contig", "position", "strand"])
        levels = own.set_index(["contig", "position", "strand"])["level"]
        found[mark] = levels.reindex(places).to_numpy(np.float64)
    return found
