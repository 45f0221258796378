"""Which strata win or lose for each pair of callers, all judged together."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from seqmill.comparison.paired import Judged, judged, pairs, together, write_tests
from seqmill.comparison.runs import Caller, Run, levels_of
from seqmill.evaluation.bootstrap import Resampled, resample
from seqmill.evaluation.metrics import strata_of
from seqmill.evaluation.paired import Side

COLUMNS = (
    *("a", "b", "measure", "level", "group", "stratum", "of", "value", "low", "high", "effect", "scale"),
    *("p", "p_holm", "verdict", "firm", "n", "wins", "losses"),
)
LEAST = 10
"""Strata of fewer items than this are not tested: they could not tell callers apart, and cost the others."""


class Stratum(NamedTuple):
    """Some of the items: those of one group of cells that have one value of a stratum."""

    group: str
    stratum: str
    of: str


@dataclass(frozen=True, kw_only=True)
class StratumDifference(Judged):
    """One caller minus another in one stratum, over all cells of a group.

    Attributes
    ----------
    group : str
        The last part of the cells' names, such as ``snp``.
    stratum, of : str
        The property and its value, such as ``homopolymer`` and ``06-08``.
    """

    group: str
    stratum: str
    of: str


def compare_strata(callers: Sequence[Caller]) -> list[StratumDifference]:
    """Test every pair of callers in every stratum, by the leading measure of each level.

    Returns
    -------
    list of StratumDifference
        By level, pair and stratum. A stratum of which both callers have fewer than `LEAST` items is left out.
    """
    parts = {caller.name: [_parts(run) for run in caller.runs] for caller in callers}
    drawn = {
        name: [{at: resample(items) for at, items in of_run.items()} for of_run in runs]
        for name, runs in parts.items()
    }
    found: list[StratumDifference] = []
    for level, measures in levels_of(callers).items():
        key = (level, measures[0])
        tests = []
        for a, b in pairs(callers):
            for at in sorted(
                set.intersection(*(set(run) for name in (a.name, b.name) for run in parts[name]))
            ):
                asked = (_side(parts[one.name], drawn[one.name], at, key) for one in (a, b))
                sides = [side for side in asked if side is not None]
                if len(sides) < 2 or max(run.n for side in sides for run in side.drawn) < LEAST:
                    continue
                tests.append(StratumDifference(**judged(a, b, sides, *key), **at._asdict()))
        found += together(tests)
    return found


def write_strata(path: str | os.PathLike[str], differences: Sequence[StratumDifference]) -> None:
    """Write the differences as tab-separated text with `COLUMNS`, atomically."""
    write_tests(path, COLUMNS, differences)


def _parts(run: Run) -> dict[Stratum, pd.DataFrame]:
    items = run.items
    group = items["cell"].astype(str).str.rpartition(".")[2]
    return {
        Stratum(str(of_group), stratum, str(value)): inside
        for stratum, column in strata_of(items.columns).items()
        for (of_group, value), inside in items.groupby([group, column], sort=True)
        if value != ""
    }


def _side(
    parts: Sequence[Mapping[Stratum, pd.DataFrame]],
    drawn: Sequence[Mapping[Stratum, Mapping[tuple[str, str], Resampled]]],
    at: Stratum,
    key: tuple[str, str],
) -> Side | None:
    """Give one caller in a stratum; None where the measure is undefined for a run."""
    runs = [of_run[at].get(key) for of_run in drawn]
    if any(run is None or run.value != run.value for run in runs):
        return None
    return Side([of_run[at] for of_run in parts], [run for run in runs if run is not None])
