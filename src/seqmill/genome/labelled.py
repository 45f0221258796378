"""Tables of labelled regions: BED with further columns, named by a header line."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

BED_COLUMNS = ("contig", "start", "end", "name", "score", "strand")
"""Names of the first columns of a table without a header line."""


def column_names(header: str, columns: int) -> list[str]:
    """Name the columns of a table of regions.

    Parameters
    ----------
    header : str
        The header line, from ``#`` on; empty where there is none.
    columns : int
        How many columns the table has.

    Returns
    -------
    list of str
        The first three are always ``contig``, ``start`` and ``end``; a column that nothing names is
        ``column_7`` and so on, counted from 1.
    """
    given = header.lstrip("#").split("\t") if header else []
    named = list(BED_COLUMNS[:3]) + given[3:] if len(given) == columns else list(BED_COLUMNS[:columns])
    return named + [f"column_{number}" for number in range(len(named) + 1, columns + 1)]


def read_labelled(path: Path, intervals: Iterable[Interval]) -> "pd.DataFrame":
    """Give the regions of a staged table that begin in some intervals.

    Parameters
    ----------
    path : Path
        Table that `seqmill.reads.region_file.stage_regions` wrote, with its index.
    intervals : iterable of Interval
        0-based half-open; each region is given once for each interval that it begins in.

    Returns
    -------
    DataFrame
        ``contig``, ``start`` and ``end`` (int64, 0-based half-open) and the further columns by their names,
        as numbers where every value is one, else as text.

    Raises
    ------
    InputError
        When the file or its index is missing or damaged.
    """
    import pandas as pd
    import pysam

    rows: list[list[str]] = []
    try:
        with pysam.TabixFile(str(path)) as handle:
            header = next((line for line in handle.header if line.startswith("#")), "")
            known = set(handle.contigs)
            for contig, start, end in ((part.contig, part.start, part.end) for part in intervals):
                if contig in known:
                    cells = (line.split("\t") for line in handle.fetch(contig, start, end))
                    rows += [row for row in cells if int(row[1]) >= start]
        names = column_names(header, len(rows[0]) if rows else _width(path))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be read as indexed regions ({error}); stage it again with 'seqmill reads'"
        ) from error
    table = pd.DataFrame(rows, columns=names, dtype=str).astype({"start": "int64", "end": "int64"})
    return table.assign(**{name: _numbers(table[name]) for name in names[3:]})


def _width(path: Path) -> int:
    with gzip.open(path, "rt") as lines:
        return next((line.count("\t") + 1 for line in lines if not line.startswith("#")), 3)


def _numbers(column: "pd.Series") -> "pd.Series":
    import pandas as pd

    try:
        return pd.to_numeric(column) if len(column) else column
    except ValueError:
        return column
