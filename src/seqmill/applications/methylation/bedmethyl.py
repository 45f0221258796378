"""bedMethyl, the field's table of modification levels (ENCODE): one line a site, strand and mark.

Its columns are contig, start, end, mark, score, strand, start, end, colour, coverage and per cent modified;
modkit writes further ones behind them, and the mark as its letter in MM or its ChEBI number.
"""

import os
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from seqmill.errors import InputError
from seqmill.genome.lines import table_lines
from seqmill.reads.marks import MARKS

_COLUMNS = 11
_COLOUR = "0,0,0"
_NAMES = {str(code): name for name, mark in MARKS.items() for code in (name, mark.letter, mark.chebi) if code}


class Row(NamedTuple):
    """One site of one mark; `position` is 0-based, `strand` 1 or -1, `level` in [0, 1]."""

    contig: str
    position: int
    strand: int
    mark: str
    level: float
    coverage: int


def read_bedmethyl(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table.

    Returns
    -------
    DataFrame
        Columns as in `Row`; lines of marks that are not known here are left out.

    Raises
    ------
    InputError
        When the file is missing, a line is no bedMethyl, or none has a known mark.
    """
    rows = [row for number, line in table_lines(path) if (row := _row(Path(path), number, line))]
    if not rows:
        known = ", ".join(_NAMES)
        raise InputError(f"{path}: holds no line of a known mark; wanted some of {known} in its 4th column")
    return pd.DataFrame(rows)


def line_of(row: Row) -> str:
    """Write one line, without its end; modkit's letter or number names the mark."""
    mark = MARKS[row.mark]
    place = (row.position, row.position + 1)
    strand = "+" if row.strand > 0 else "-"
    code = mark.letter or mark.chebi
    fields = (row.contig, *place, code, round(1000 * row.level), strand, *place, _COLOUR, row.coverage)
    return "\t".join([*map(str, fields), f"{100 * row.level:.2f}"])


def _row(path: Path, number: int, line: str) -> Row | None:
    fields = line.split("\t")
    if len(fields) == 10:  # modkit parts its columns behind the 10th by blanks
        fields = [*fields[:9], *fields[9].split(" ")]
    try:
        contig, position, strand = fields[0], int(fields[1]), {"+": 1, "-": -1}[fields[5]]
        coverage, level = int(fields[9]), float(fields[10]) / 100
    except (IndexError, KeyError, ValueError):
        raise InputError(
            f"{path}: line {number} is {line[:80]!r}; wanted bedMethyl of at least {_COLUMNS} columns, with "
            "start, strand + or -, coverage and per cent in the 2nd, 6th, 10th and 11th"
        ) from None
    name = _NAMES.get(fields[3].split(",")[0])
    return None if name is None else Row(contig, position, strand, name, level, coverage)
