"""How an application's predictions and baselines are scored, and how a new sample is predicted.

The evaluation stage drives: it calibrates, picks operating points on validation data and computes
intervals. The application knows what a call is and when it is right.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from seqmill.genome.intervals import Regions
    from seqmill.genome.reference import Reference

    Read = Callable[[str, Sequence[str]], tuple[pd.DataFrame, dict[str, np.ndarray]]]


def _read_nothing(split: str, payloads: "Sequence[str]") -> "tuple[pd.DataFrame, dict[str, np.ndarray]]":
    raise LookupError(f"split {split}: this job knows of no shards to read")


@dataclass(frozen=True, kw_only=True)
class ScoreJob:
    """One split of a dataset, to be scored for one caller.

    Attributes
    ----------
    plan : mapping
        The dataset plan: ``samples``, ``splits``, ``depths``, ``reference``, ``seed``, ``evaluation``.
    split : str
        Which split to score.
    lineage : mapping
        What made the calls, as name -> digest or name, for the headers of exported files.
    reads : mapping
        Sample -> digest of its reads.
    examples : DataFrame
        The split's examples, a row each in stored order: the columns of the shards without payloads. For a
        model also what it says: calibrated ``log_probability_0``, ``log_probability_1``, ... (natural
        logarithm), or the outputs of its task where the application has no classes.
    alignments : mapping
        For a baseline: sample -> indexed BAM or CRAM.
    scratch : Path or None
        For a baseline: an empty folder for intermediate files.
    read : callable
        (split, payload columns) -> the examples of any split in stored order, as `examples`, and column ->
        uint8 [rows, width] of the payloads asked for.
    tables : mapping
        Name -> file of the tables that examples point into; see `seqmill.profiles.table.read_table`.
    threads : int
        How many threads may be used.
    """

    plan: Mapping[str, Any]
    split: str
    lineage: Mapping[str, str]
    reads: Mapping[str, str]
    examples: "pd.DataFrame"
    read: "Read" = _read_nothing
    tables: Mapping[str, Path] = field(default_factory=dict)
    alignments: Mapping[str, Path] = field(default_factory=dict)
    scratch: Path | None = None
    threads: int = 1

    def condition_of(self, sample: str) -> str:
        """Give the condition that a sample is scored under: its own, else the name of the sample."""
        return self.plan["samples"][sample].get("condition") or sample


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """All calls of a cell before any threshold.

    Attributes
    ----------
    cell : str
        What is scored together, such as ``clean.10x.snp``.
    kind, depth : str
        Cells of one kind and nominal depth share an operating point.
    coverage : float
        Measured coverage behind the cell.
    quality : np.ndarray
        float64 [n], quality of each call.
    correct : mapping
        Level (``allele``, ``genotype``, ``exact``; ``site``) -> bool [n]; the first decides the threshold.
    truths : int
        Alleles or sites in the truth, called or not.
    goal : str
        What the threshold is chosen for: the best ``f1``, or the best ``accuracy`` where every item of the
        split is a call.
    """

    cell: str
    kind: str
    depth: str
    coverage: float
    quality: "np.ndarray"
    correct: Mapping[str, "np.ndarray"]
    truths: int
    goal: Literal["f1", "accuracy"] = "f1"


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """The quality from which a call of a kind counts, at one coverage."""

    kind: str
    coverage: float
    quality: float


class OperatingPoints:
    """Operating points by kind; each holds for the coverages nearest to the one it was chosen at.

    Parameters
    ----------
    points : iterable of OperatingPoint
        At least one of each kind that will be asked for.
    """

    def __init__(self, points: Iterable[OperatingPoint]) -> None:
        self.points = tuple(points)

    def quality(self, kind: str, coverage: float) -> float:
        """Give the threshold of a kind at the coverage nearest by ratio; 0 for a kind without any point."""
        of_kind = [point for point in self.points if point.kind == kind]
        if not of_kind:
            return 0.0
        wanted = math.log(max(coverage, 0.1))
        return min(of_kind, key=lambda point: abs(math.log(max(point.coverage, 0.1)) - wanted)).quality


class Scorer(Protocol):
    """One caller's calls on one split, ready to be scored at any threshold.

    Attributes
    ----------
    averages_cells : bool
        Whether means over cells are told beside each cell, as for the tasks of a multi-task classification.
    """

    averages_cells: bool

    def sweeps(self) -> list[Sweep]:
        """Score all calls once, without a threshold."""

    def items(self, points: OperatingPoints) -> "pd.DataFrame":
        """Score the calls at or above their thresholds, one row an item; see `seqmill.evaluation.metrics`."""

    def threshold(self, cell: str, points: OperatingPoints) -> float:
        """Give the threshold in use in a cell."""

    def export(self, folder: Path, points: OperatingPoints) -> list[Path]:
        """Write the calls in the field's file format; give the files, each with its index if it has one."""

    def further(self) -> list[dict[str, Any]]:
        """Give metrics that are no measure of items, as rows of ``metrics.json``."""


class WithoutCalls:
    """The part of a `Scorer` that ranks or measures, and makes no calls."""

    averages_cells = False

    def sweeps(self) -> list[Sweep]:
        """Give none."""
        return []

    def threshold(self, cell: str, points: OperatingPoints) -> float:
        """Give 0: no threshold is used."""
        return 0.0

    def export(self, folder: Path, points: OperatingPoints) -> list[Path]:
        """Write nothing: what was predicted lies in ``predictions.parquet``."""
        return []

    def further(self) -> list[dict[str, Any]]:
        """Give no further metrics."""
        return []


def further_metric(name: str, value: float, *, n: int) -> dict[str, Any]:
    """Give a row of ``metrics.json`` without an interval, as `Scorer.further` does; n is what it is of."""
    return {"metric": name, "value": float(value), "low": None, "high": None, "n": n, "primary": False}


@dataclass(frozen=True, kw_only=True)
class PredictJob:
    """A new sample to be called by a trained model.

    Attributes
    ----------
    options : Any
        The example options the model was trained with.
    score : callable
        Record batch of examples -> calibrated log-probabilities, float64 [rows, classes].
    points : OperatingPoints
        Thresholds chosen with the model.
    sample : str
        Name written to the output.
    alignments, reference, output : Path
        Indexed BAM or CRAM, FASTA, and the file to write.
    regions : Path or None
        BED of the regions to call; None for the whole reference.
    all_positions : bool
        Whether the output also tells positions like the reference from positions without a call.
    lineage : mapping
        What made the calls, for the header.
    seed : int
        Seed of the choice of reads above the row limit.
    threads : int
        How many threads may be used.
    """

    options: Any
    score: "Callable[[pa.RecordBatch], np.ndarray]"
    points: OperatingPoints
    sample: str
    alignments: Path
    reference: Path
    output: Path
    regions: Path | None
    all_positions: bool
    lineage: Mapping[str, str]
    seed: int
    threads: int


@dataclass(frozen=True, kw_only=True)
class SequenceJob:
    """A genome, or contigs of it, for which a trained model predicts from sequence alone.

    Attributes
    ----------
    options : Any
        The example options the model was trained with.
    predict : callable
        Batch of the shards' columns as arrays -> outputs of the task by name, as in ``predictions.parquet``.
    reference, output : Path
        FASTA, and the file to write.
    contigs : tuple of str
        Contigs to predict, in the order of the reference.
    regions : Path or None
        BED of the regions to predict; None for the whole contigs.
    lineage : mapping
        What made the prediction, for files that can tell.
    """

    options: Any
    predict: "Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]"
    reference: Path
    output: Path
    contigs: tuple[str, ...]
    regions: Path | None
    lineage: Mapping[str, str]

    def asked(self, reference: "Reference") -> "Regions":
        """Give what is to be predicted: the contigs, or what the regions cover of them.

        Raises
        ------
        InputError
            When the regions cannot be read, or share no contig with the reference.
        """
        from seqmill.genome.intervals import Regions, read_bed
        from seqmill.genome.names import check_names

        whole = Regions.whole({name: reference.contigs[name] for name in self.contigs})
        if self.regions is None:
            return whole
        given = read_bed(self.regions)
        check_names(self.regions, given.contigs, reference.contigs, reference=self.reference)
        return whole.intersect(given)
