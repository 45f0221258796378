"""Sequences with names and labels out of FASTA files and tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from seqmill.errors import InputError, nearest
from seqmill.genome.lines import table_lines
from seqmill.packing.plan import Source

REPEATED, OTHER_LETTERS = "repeated", "other_letters"
"""Why a sequence is left out: its source has it already; it holds letters other than A, C, G, T and N."""

_LETTERS = frozenset("ACGTN")


class Row(NamedTuple):
    """A sequence in upper case, its name, and the further cells of its region by column."""

    name: str
    sequence: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Rows:
    """The rows of a source, and how many were left out.

    Attributes
    ----------
    kept : list of Row
        In the order of the file.
    dropped : dict
        Reason -> rows.
    """

    kept: list[Row]
    dropped: dict[str, int] = field(default_factory=dict)


def read_source(source: Source) -> Rows:
    """Read a source; each sequence once.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or holds no sequence.
    """
    kept: list[Row] = []
    dropped = {REPEATED: 0, OTHER_LETTERS: 0}
    seen: set[str] = set()
    for row in _fasta(source) if source.is_fasta else _table(source):
        if not row.sequence or not set(row.sequence) <= _LETTERS:
            dropped[OTHER_LETTERS] += 1
        elif row.sequence in seen:
            dropped[REPEATED] += 1
        else:
            seen.add(row.sequence)
            kept.append(row)
    if not kept:
        raise InputError(
            f"{source.path}: found {sum(dropped.values()):,} sequences and none of ACGTN alone, wanted at "
            "least one; give the file of the sequences"
        )
    return Rows(kept, dropped)


def _fasta(source: Source) -> Iterator[Row]:
    fixed = {key: str(value) for key, value in source.values.items()}
    name: str | None = None
    parts: list[str] = []
    for number, line in table_lines(source.path, headers=(";",)):
        if line.startswith(">"):
            if name is not None:
                yield Row(name, "".join(parts).upper(), fixed)
            name, parts = (line[1:].split() or [f"line_{number}"])[0], []
        elif name is None:
            raise InputError(
                f"{source.path}: line {number} is {line[:40]!r}, wanted a FASTA header ('>NAME')"
            )
        else:
            parts.append(line.strip())
    if name is not None:
        yield Row(name, "".join(parts).upper(), fixed)


def _table(source: Source) -> Iterator[Row]:
    lines = table_lines(source.path, headers=())
    _, header = next(lines, (0, ""))
    names = header.lstrip("#").split("\t")
    wanted = {"name": source.name, "sequence": source.sequence, **source.columns}
    for key, column in wanted.items():
        if column not in names:
            raise InputError(
                f"{source.path}: no column '{column}'{nearest(column, names)} for {key}; wanted one of: "
                f"{', '.join(names)}"
            )
    at = {key: names.index(column) for key, column in wanted.items()}
    fixed = {key: str(value) for key, value in source.values.items()}
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != len(names):
            raise InputError(
                f"{source.path}: line {number} has {len(cells)} columns separated by tabs, wanted "
                f"{len(names)} as in the first line"
            )
        further = {key: cells[at[key]] for key in source.columns}
        yield Row(cells[at["name"]], cells[at["sequence"]].upper(), {**further, **fixed})
