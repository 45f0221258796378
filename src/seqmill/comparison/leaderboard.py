"""The leaderboard: every metric of every run as a table, and the ranking over callers."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.comparison.paired import apart
from seqmill.comparison.runs import Caller, cells_of
from seqmill.files import atomic_path

COLUMNS = ("run", "experiment", "seed", "dataset", "metric", "value", "low", "high")


@dataclass(frozen=True)
class Entry:
    """One caller in one cell.

    Attributes
    ----------
    value, low, high : float
        Mean over seeds and its 95 % interval over items.
    seeds : tuple of float
        The value of each seed.
    n : int
        Items that count.
    standing : str
        ``best`` in the cell, ``tied`` when its paired interval to the best holds zero, else empty, as for a
        bound.
    """

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]
    n: int
    standing: str


@dataclass(frozen=True)
class Row:
    """One caller over all cells.

    Attributes
    ----------
    caller : Caller
        Whose row it is.
    entries : dict
        Cell -> `Entry`; cells the caller was not scored in are absent.
    mean : float
        Mean over the cells; nan unless the caller has every cell.
    """

    caller: Caller
    entries: dict[str, Entry]
    mean: float


def rank(callers: Sequence[Caller], level: str, measure: str) -> list[Row]:
    """Rank callers by their mean over the cells, best first; those that miss a cell come last."""
    cells = [
        cell
        for cell in cells_of(callers)
        if any((cell, level, measure) in caller.resampled for caller in callers)
    ]
    standings = {cell: _standings(callers, (cell, level, measure)) for cell in cells}
    rows = []
    for caller in callers:
        entries = {cell: standings[cell][caller.name] for cell in cells if caller.name in standings[cell]}
        values = [entry.value for entry in entries.values()]
        rows.append(Row(caller, entries, float(np.mean(values)) if len(values) == len(cells) else np.nan))
    return sorted(rows, key=lambda row: (np.isnan(row.mean), -np.nan_to_num(row.mean)))


def best_of(rows: Sequence[Row]) -> Row:
    """Give the first row of a ranking that is no bound; the first where all are."""
    return next((row for row in rows if not row.caller.bound), rows[0])


def write_leaderboard(path: str | os.PathLike[str], callers: Sequence[Caller]) -> None:
    """Write one line for each run and metric as tab-separated text, atomically.

    Columns are `COLUMNS`; a baseline has no seed, and a metric without an interval no low and high.
    """
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print(*COLUMNS, sep="\t", file=handle)
        for line in _lines(callers):
            print(*("" if field is None else field for field in line), sep="\t", file=handle)


def _lines(callers: Sequence[Caller]) -> Iterator[tuple[object, ...]]:
    for run in (run for caller in callers for run in caller.runs):
        for row in run.scored["metrics"]:
            numbers = (None if row[name] is None else f"{row[name]:.6f}" for name in ("value", "low", "high"))
            yield run.name, run.experiment, run.seed, run.scored["dataset"], row["metric"], *numbers


def _standings(callers: Sequence[Caller], key: tuple[str, str, str]) -> dict[str, Entry]:
    there = [caller for caller in callers if key in caller.resampled]
    rivals = [caller for caller in there if not caller.bound] or there
    best = max(rivals, key=lambda caller: caller.resampled[key].value)
    entries = {}
    for caller in there:
        estimate = caller.resampled[key].share_interval()
        standing = ""
        if caller in rivals:
            tied = apart(best.resampled[key], caller.resampled[key]) == "tie"
            standing = "best" if estimate.value == best.resampled[key].value else "tied" if tied else ""
        entries[caller.name] = Entry(
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            seeds=tuple(caller.seeds(key)),
            n=estimate.n,
            standing=standing,
        )
    return entries
