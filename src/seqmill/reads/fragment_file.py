"""Files of sequenced fragments: any BED or BEDPE to one sorted, indexed form, and columns of a region."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pysam

from seqmill.errors import InputError
from seqmill.genome.indexed_bed import write_indexed_bed
from seqmill.genome.reference import Reference
from seqmill.reads.contigs import by_reference
from seqmill.reads.depth import Coverage, spans_coverage

SUFFIX = ".bed.gz"
"""Ending of a staged file: bgzipped BED of three columns, sorted, with a tabix index."""

_HEADERS = ("#", "track", "browser")
_PAIRED_COLUMNS = 6
Spans = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fragments:
    """What a file of fragments held.

    Attributes
    ----------
    coverage : dict
        Contig -> what its fragments cover, those of a repeated span counted once each.
    total : int
        Fragments in the file.
    repeated : int
        Kept fragments whose span an earlier one has too: likely copies made by PCR.
    dropped : dict
        Reason -> fragments left out.
    contig_mismatches : tuple of str
        One sentence for each contig that was renamed or that the reference lacks.
    """

    coverage: dict[str, Coverage]
    total: int
    repeated: int
    dropped: dict[str, int] = field(default_factory=dict)
    contig_mismatches: tuple[str, ...] = ()


def is_fragments(path: Path) -> bool:
    """Say whether staged reads are fragments."""
    return path.name.endswith(SUFFIX)


def stage_fragments(
    path: Path, reference: Reference, output: Path, *, rename_contigs: str | None = None
) -> Fragments:
    """Check, rename, sort and index a file of fragments.

    Parameters
    ----------
    path : Path
        Plain or gzipped text: BED of contig, start and end (further columns, such as the barcode and count of
        10x, are left out), or BEDPE of two mates, whose fragment reaches from the first base of either to the
        last. Starts and ends are 0-based half-open.
    reference : Reference
        The genome.
    output : Path
        Where the staged file goes; its index goes beside it (``.tbi`` added).
    rename_contigs : str, optional
        How contig names become those of the reference; see `seqmill.reads.contigs.contig_map`.

    Raises
    ------
    InputError
        When a line is no fragment, the rows are single reads with a strand, no contig is shared with the
        reference, or names differ from it by ``chr`` alone.
    """
    rows, dropped = _read(path)
    total = sum(map(len, rows.values())) + sum(dropped.values())
    named, unknown, mismatches = by_reference(path, rows, reference, rule=rename_contigs, holds="fragments")
    if unknown:
        dropped["unknown_contig"] = unknown
    kept: dict[str, Spans] = {}
    for name, length in reference.contigs.items():
        if name in named:
            spans = named[name]
            inside = spans[spans[:, 1] <= length]
            if len(inside) < len(spans):
                dropped["beyond_contig"] = dropped.get("beyond_contig", 0) + len(spans) - len(inside)
            kept[name] = inside[np.lexsort((inside[:, 1], inside[:, 0]))]
    write_indexed_bed(output, _lines(kept))
    return Fragments(
        coverage={
            name: spans_coverage(spans, reference.contigs[name], reads=2 * len(spans))
            for name, spans in kept.items()
        },
        total=total,
        repeated=sum(int((np.diff(spans, axis=0) == 0).all(axis=1).sum()) for spans in kept.values()),
        dropped=dropped,
        contig_mismatches=mismatches,
    )


def read_fragments(path: Path, contig: str, start: int, end: int) -> Spans:
    """Give the fragments of a staged file that overlap ``[start, end)``, int64 [n, 2], sorted.

    Raises
    ------
    InputError
        When the file or its index is missing or damaged.
    """
    try:
        with pysam.TabixFile(str(path)) as handle:
            if contig not in handle.contigs:
                return np.zeros((0, 2), np.int64)
            lines = [line.split("\t", 3)[1:3] for line in handle.fetch(contig, start, end)]
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be read as indexed fragments ({error}); stage it again with 'seqmill reads'"
        ) from error
    return np.array(lines, np.int64).reshape(-1, 2)


def _read(path: Path) -> tuple[dict[str, Spans], dict[str, int]]:
    if not path.is_file():
        raise InputError(f"{path}: there is no such file of fragments")
    with open(path, "rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    found: dict[str, list[tuple[int, int]]] = {}
    dropped: dict[str, int] = {}
    with gzip.open(path, "rt") if packed else open(path) as lines:
        for number, line in enumerate(_checked(path, lines), 1):
            if not line.strip() or line.startswith(_HEADERS):
                continue
            contig, start, end = _fragment(path, number, line.rstrip("\r\n").split("\t"))
            if contig is None:
                dropped["two_contigs"] = dropped.get("two_contigs", 0) + 1
            else:
                found.setdefault(contig, []).append((start, end))
    if not found:
        raise InputError(f"{path}: holds no fragment; wanted lines of 'contig<TAB>start<TAB>end'")
    return {name: np.array(spans, np.int64) for name, spans in found.items()}, dropped


def _checked(path: Path, lines: Iterator[str]) -> Iterator[str]:
    try:
        yield from lines
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: damaged or no text ({error}); give the whole file") from error


def _fragment(path: Path, number: int, cells: list[str]) -> tuple[str | None, int, int]:
    """Give one line's contig (None where the mates lie on two), start and end."""
    if len(cells) >= _PAIRED_COLUMNS and cells[5] in ("+", "-"):
        raise InputError(
            f"{path}: line {number} has the strand '{cells[5]}' and is a single read; wanted fragments, from "
            "the first base of a pair to its last: give the BAM of the reads instead"
        )
    try:
        if len(cells) >= _PAIRED_COLUMNS and cells[4].isdigit() and cells[5].isdigit():
            mates = [int(cells[at]) for at in (1, 2, 4, 5)]
            contig = cells[0] if cells[0] == cells[3] else None
            start, end = min(mates), max(mates)
        else:
            contig, start, end = cells[0], int(cells[1]), int(cells[2])
    except (IndexError, ValueError):
        raise InputError(
            f"{path}: line {number} is {' '.join(cells)[:80]!r}; wanted 'contig<TAB>start<TAB>end' with "
            "whole numbers"
        ) from None
    if start < 0 or end <= start:
        raise InputError(f"{path}: line {number}: {start} to {end}; wanted 0 <= start < end")
    return contig, start, end


def _lines(spans: Mapping[str, Spans]) -> Iterator[str]:
    for name, rows in spans.items():
        yield "".join(f"{name}\t{start}\t{end}\n" for start, end in rows.tolist())
