"""Peaks of several factors, the windows around them, and which factors bind in a window."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.tf_binding.spec import BOUND, UNBOUND, UNKNOWN, Options
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.labelled import read_labelled

FACTOR, NAME = "factor", "name"
SUMMITS = ("peak", "column_10")
"""Columns that may tell how far behind its start a peak is highest: by name, or by place as in narrowPeak."""

OTHER = -1
"""Stands for a factor that the options do not name."""

_PLACE = r"^(.+):(\d+)-(\d+)$"

Labels = npt.NDArray[np.uint8]


def read_peaks(path: Path, contigs: Mapping[str, int], options: Options) -> pd.DataFrame:
    """Read the peaks of a sample.

    The factor of a peak stands in the column ``factor``, else in ``name``; where the options name one factor
    and there is no column ``factor``, all peaks are its.

    Parameters
    ----------
    path : Path
        Staged table of regions.
    contigs : mapping
        Contig -> length of the reference.
    options : Options
        Which factors there are, and where peaks overlap.

    Returns
    -------
    DataFrame
        ``contig``, ``start``, ``end``, ``summit`` (0-based, on the reference); ``factor``, its place in the
        options or `OTHER`; ``place``, the contig on which overlaps are seen, and ``moved``, the bases from
        the reference to there.

    Raises
    ------
    InputError
        When no peak is of a factor that the options name, or a name is to tell a place and does not.
    """
    table = read_labelled(path, [Interval(name, 0, length) for name, length in contigs.items()])
    peaks = table[["contig", "start", "end"]].copy()
    peaks["summit"] = _summits(table)
    peaks["factor"] = _factors(table, options.factors, path)
    peaks["place"], peaks["moved"] = table["contig"], 0
    if options.places == "name":
        peaks["place"], peaks["moved"] = _places(table, path)
    return peaks


def bound_in(windows: pd.DataFrame, peaks: pd.DataFrame, factors: Sequence[str]) -> Labels:
    """Say which factors bind in windows.

    A factor binds where a summit of its peaks lies in the window. Where a window overlaps its peak beside the
    summit, and in samples without any peak of the factor, which did not measure it, nobody knows.

    Parameters
    ----------
    windows : DataFrame
        ``place``, ``start``, ``end`` where overlaps are seen.
    peaks : DataFrame
        Of the sample, as `read_peaks` gives them.
    factors : sequence of str
        The factors.

    Returns
    -------
    uint8 array, shape (n, factors)
        `BOUND`, `UNBOUND` or `UNKNOWN`.
    """
    labels = np.full((len(windows), len(factors)), UNKNOWN, np.uint8)
    contigs = windows["place"].to_numpy()
    starts, ends = (windows[name].to_numpy(np.int64) for name in ("start", "end"))
    for factor in range(len(factors)):
        own = peaks[peaks["factor"] == factor]
        if own.empty:
            continue
        labels[:, factor] = UNBOUND
        for contig, there in own.groupby("place"):
            rows = contigs == contig
            first, last, summit = (
                np.sort((there[name] + there["moved"]).to_numpy()) for name in ("start", "end", "summit")
            )
            touched = np.searchsorted(first, ends[rows]) > np.searchsorted(last, starts[rows], side="right")
            inside = np.searchsorted(summit, ends[rows]) > np.searchsorted(summit, starts[rows])
            labels[rows, factor] = np.where(inside, BOUND, np.where(touched, UNKNOWN, UNBOUND))
    return labels


def _summits(table: pd.DataFrame) -> npt.NDArray[np.int64]:
    start, end = (table[name].to_numpy(np.int64) for name in ("start", "end"))
    middle = (start + end) // 2
    column = next((name for name in SUMMITS if name in table), None)
    if column is None or not pd.api.types.is_integer_dtype(table[column]):
        return middle
    behind = table[column].to_numpy(np.int64)
    return np.where((behind >= 0) & (start + behind < end), start + behind, middle)


def _factors(table: pd.DataFrame, factors: Sequence[str], path: Path) -> npt.NDArray[np.int64]:
    if FACTOR not in table and len(factors) == 1:
        return np.zeros(len(table), np.int64)
    column = FACTOR if FACTOR in table else NAME
    if column not in table:
        raise InputError(
            f"{path}: found no column '{FACTOR}' and no names, wanted the factor of each peak: add the "
            "column, named by a header line that begins with '#'"
        )
    places = {name: place for place, name in enumerate(factors)}
    found = table[column].astype(str)
    known = found.map(places).fillna(OTHER).to_numpy(np.int64)
    if len(known) and (known == OTHER).all():
        raise InputError(
            f"{path}: column '{column}' holds {', '.join(map(repr, found.unique()[:3]))}, wanted one of "
            f"{', '.join(factors)} somewhere; correct options.factors or the table"
        )
    return known


def _places(table: pd.DataFrame, path: Path) -> tuple["pd.Series[str]", "pd.Series[int]"]:
    names = table[NAME].astype(str) if NAME in table else pd.Series("", index=table.index)
    told = names.str.extract(_PLACE)
    wrong = told[0].isna()
    if wrong.any():
        raise InputError(
            f"{path}: peak '{names[wrong].iloc[0]}': options.places is 'name', wanted a name such as "
            "chr1:100-200; leave options.places out where the reference is a genome"
        )
    return told[0], told[1].astype("int64") - table["start"]
