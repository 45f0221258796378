"""Labelled windows of a table: one base of each is a site, or is none."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from seqmill.applications.application import LabelReport
from seqmill.applications.splicing.labels import CLASSES, MASKED
from seqmill.applications.splicing.spans import Span
from seqmill.applications.splicing.spec import Options
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.labelled import read_labelled
from seqmill.genome.reference import Reference


def labelled_windows(
    table: Path,
    intervals: Sequence[Interval],
    reference: Reference,
    options: Options,
    report: LabelReport,
) -> Iterator[tuple[Interval, Iterator[Span]]]:
    """Give the windows of each interval as spans of which one base has a label.

    Parameters
    ----------
    table : Path
        Staged table of regions with the columns ``class`` (one of `CLASSES`) and ``site`` (bases from the
        first base of the window, as its strand runs, to the base that the class is of). A strand ``.`` is
        the forward one.
    intervals : sequence of Interval
        Windows that begin in them are given.
    reference : Reference
        The genome of the table.
    options : Options
        The labelled base stands in the middle of a span.
    report : LabelReport
        Counts the windows, and those left out: nothing, so far as the table is whole.

    Raises
    ------
    InputError
        When a column is missing or holds something else.
    """
    for interval in intervals:
        rows = read_labelled(table, [interval])
        if len(rows):
            _check(rows, table)
            report.count("windows", len(rows))
        yield interval, _spans(rows, options)


def _spans(rows: pd.DataFrame, options: Options) -> Iterator[Span]:
    columns = ("start", "end", "strand", "site", "class")
    if rows.empty:
        return
    middle = options.span // 2
    for start, end, strand, site, kind in rows[list(columns)].itertuples(index=False):
        sites = np.full(options.span, MASKED, np.uint8)
        sites[middle] = CLASSES.index(kind)
        if strand == "-":
            first = end - 1 - site - (options.span - 1 - middle)
            yield Span(first, "-", sites[::-1])
        else:
            yield Span(start + site - middle, "+", sites)


def _check(rows: pd.DataFrame, table: Path) -> None:
    for name in ("strand", "class", "site"):
        if name not in rows:
            raise InputError(
                f"{table}: no column '{name}'; found {', '.join(map(str, rows.columns))}. A table of "
                "labelled windows needs strand (+ or -), class (none, donor or acceptor) and site (bases "
                "from the start of a window to the labelled one)"
            )
    for name, wanted in (("strand", ("+", "-", ".")), ("class", CLASSES)):
        wrong = rows[~rows[name].isin(wanted)]
        if len(wrong):
            raise InputError(
                f"{table}: {name} of {_where(wrong)} is '{wrong[name].iloc[0]}', wanted one of "
                f"{', '.join(wanted)}"
            )
    inside = pd.to_numeric(rows["site"], errors="coerce")
    wrong = rows[~((inside >= 0) & (inside < rows["end"] - rows["start"]) & (inside % 1 == 0))]
    if len(wrong):
        raise InputError(
            f"{table}: site of {_where(wrong)} is '{wrong['site'].iloc[0]}', wanted a whole number of bases "
            "from 0 to less than the window's length"
        )


def _where(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"{first['contig']}:{first['start']}-{first['end']}"
