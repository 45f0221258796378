"""Told against known classes of bases: windows of one labelled base, or the bases of genes."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, ScoreJob, Sweep, WithoutCalls
from seqmill.applications.splicing.labels import CLASSES, MASKED, NONE
from seqmill.applications.splicing.measures import average_precision, top_k
from seqmill.applications.splicing.spec import Options
from seqmill.shards.order import example_id, order_key

BLOCK = 10_000
"""Bases of a contig that are drawn together in a bootstrap, where whole genes are scored."""

MOST_NONE = 200_000
"""Most bases without a site that become items: beyond, so many are drawn by their hash."""

SITES = CLASSES[1:]
_LEVEL = "site"
_SEED = 20_307

Floats = npt.NDArray[np.floating[Any]]


class Bases(NamedTuple):
    """The labelled bases of a split, n of them.

    Attributes
    ----------
    row, at : int64 array, shape (n,)
        Example, and base of its span as its strand runs.
    code : uint8 array, shape (n,)
        The label.
    scores : mapping
        Class -> float array, shape (n,): what a caller says of it; higher is surer.
    """

    row: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    code: npt.NDArray[np.uint8]
    scores: dict[str, Floats]


class SiteScorer(WithoutCalls):
    """Scores bases; see `seqmill.applications.scoring.Scorer`.

    Parameters
    ----------
    job : ScoreJob
        The split.
    said : dict
        Class -> array (n, span), what a caller says of each base of each example.
    """

    def __init__(self, job: ScoreJob, said: dict[str, Floats]) -> None:
        self._job = job
        self._options = options_of(job)
        _, payloads = job.read(job.split, ["sites"])
        row, at = np.nonzero(payloads["sites"] != MASKED)
        self._bases = Bases(
            row, at, payloads["sites"][row, at], {name: said[name][row, at] for name in SITES}
        )
        self._condition = (
            job.examples["sample"]
            .map({name: facts.get("condition") or name for name, facts in job.plan["samples"].items()})
            .to_numpy()[row]
        )

    def sweeps(self) -> list[Sweep]:
        """Give the labelled bases of each condition and class, for the choice of thresholds."""
        return [
            Sweep(
                cell=f"{condition}.{name}",
                kind=name,
                depth="full",
                coverage=1.0,
                quality=self._bases.scores[name][mine].astype(np.float64),
                correct={_LEVEL: self._bases.code[mine] == CLASSES.index(name)},
                truths=int((self._bases.code[mine] == CLASSES.index(name)).sum()),
                goal="accuracy" if self._windows else "f1",
            )
            for condition, name, mine in self._cells()
        ]

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each labelled base, of bases without a site `MOST_NONE` at most."""
        bases = self._bases
        examples = self._job.examples
        item = order_key(_SEED, _mixed(examples["example_id"].to_numpy(np.uint64)[bases.row], bases.at))
        kept = _kept(item, bases.code)
        contig = examples["contig"].to_numpy()[bases.row]
        start = self._positions()
        columns: dict[str, Any] = {
            "item": item,
            "cell": self._condition,
            "sample": examples["sample"].to_numpy()[bases.row],
            "contig": contig,
            "start": start,
            "strand": np.where(examples["strand"].to_numpy()[bases.row] > 0, "+", "-"),
        }
        if self._windows:
            columns["value_accuracy"] = (self._called(points) == bases.code).astype(np.float64)
        else:
            columns["block"] = _blocks(contig, start // BLOCK)
        ranked, scored = {}, {}
        for name in self._present():
            label = bases.code == CLASSES.index(name)
            ranked[f"value_topk_{name}"] = np.full(len(label), np.nan)
            for condition in dict.fromkeys(self._condition):
                mine = self._condition == condition
                ranked[f"value_topk_{name}"][mine] = top_k(bases.scores[name][mine], label[mine])
            scored |= {f"score_{name}": bases.scores[name], f"label_{name}": label.astype(np.int8)}
        order = (scored, ranked) if self._windows else (ranked, scored)
        return pd.DataFrame(columns | order[0] | order[1])[kept].reset_index(drop=True)

    def threshold(self, cell: str, points: OperatingPoints) -> float:
        """Give the threshold of a cell's class."""
        return points.quality(cell.rpartition(".")[2], 1.0)

    def further(self) -> list[dict[str, Any]]:
        """Give the average precision over all bases where not all of them are items."""
        if int((self._bases.code == NONE).sum()) <= MOST_NONE:
            return []
        return [
            {
                "metric": f"auprc_of_all_bases.{name}.{condition}",
                "value": average_precision(
                    self._bases.scores[name][mine], self._bases.code[mine] == CLASSES.index(name)
                ),
                "low": None,
                "high": None,
                "n": int(mine.sum()),
                "primary": False,
            }
            for condition, name, mine in self._cells()
        ]

    @property
    def _windows(self) -> bool:
        """Whether an example is a window around one labelled base."""
        return self._options.span == 1

    def _present(self) -> list[str]:
        """Name the classes of sites that the split holds; a table of donors has no acceptor to tell."""
        return [name for name in SITES if (self._bases.code == CLASSES.index(name)).any()]

    def _cells(self) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
        for condition in dict.fromkeys(self._condition):
            for name in self._present():
                yield condition, name, self._condition == condition

    def _called(self, points: OperatingPoints) -> npt.NDArray[np.uint8]:
        """Give the class of each base: of those at or above their thresholds the one that scores higher."""
        called = np.full(len(self._bases.code), NONE, np.uint8)
        best = np.full(len(called), -np.inf)
        for name in self._present():
            scores = self._bases.scores[name]
            wins = (scores >= points.quality(name, 1.0)) & (scores > best)
            called[wins], best[wins] = CLASSES.index(name), scores[wins]
        return called

    def _positions(self) -> npt.NDArray[np.int64]:
        """Give the position of each base on its contig, 0-based."""
        examples = self._job.examples.iloc[self._bases.row]
        start, forward = examples["start"].to_numpy(np.int64), examples["strand"].to_numpy() > 0
        return start + np.where(forward, self._bases.at, self._options.span - 1 - self._bases.at)


def evaluate(job: ScoreJob) -> SiteScorer:
    """Score a model's predictions on a split.

    Parameters
    ----------
    job : ScoreJob
        With ``donor_0``, ... and ``acceptor_0``, ... of each example.
    """
    span = options_of(job).span
    return SiteScorer(
        job,
        {name: job.examples[[f"{name}_{at}" for at in range(span)]].to_numpy() for name in SITES},
    )


def options_of(job: ScoreJob) -> Options:
    """Give the example options of the dataset."""
    return Options(**job.plan["options"])


def _mixed(ids: npt.NDArray[np.uint64], at: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Give each base of each example a key of its own."""
    return order_key(_SEED, ids) + at.astype(np.uint64)


def _kept(item: npt.NDArray[np.uint64], code: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    none = code == NONE
    if int(none.sum()) <= MOST_NONE:
        return np.ones(len(code), bool)
    return ~none | (item < np.partition(item[none], MOST_NONE)[MOST_NONE])


def _blocks(contig: npt.NDArray[Any], number: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    places = list(zip(contig, number.tolist(), strict=True))
    keys = {place: example_id(*place) for place in dict.fromkeys(places)}
    return np.array([keys[place] for place in places], np.uint64)
