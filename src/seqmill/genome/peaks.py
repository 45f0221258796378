"""Peaks out of BED, narrowPeak and broadPeak files, every line checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from seqmill.errors import InputError, nearest
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.names import some, synonym

FORMATS = {"bed": range(3, 16), "narrowPeak": range(10, 11), "broadPeak": range(9, 10)}
"""Format -> how many columns it may have."""

_HEADERS = ("#", "track", "browser")


class Peak(NamedTuple):
    """A peak, 0-based half-open.

    Attributes
    ----------
    contig, start, end
        Where it lies.
    name, strand : str
        As in the file; empty and ``.`` without.
    score, signal : float
        Columns 5 and 7; 0 without.
    summit : int
        Position of its highest point, in narrowPeak files that tell it; else its middle.
    """

    contig: str
    start: int
    end: int
    name: str
    strand: str
    score: float
    signal: float
    summit: int


@dataclass(frozen=True)
class Peaks:
    """The peaks of a file.

    Attributes
    ----------
    peaks : tuple of Peak
        In the order of the file.
    unknown_contig : dict
        Contigs that the reference lacks -> peaks on them, which are left out.
    renamed : dict
        Contig name in the file -> name in the reference, where they differ.
    """

    peaks: tuple[Peak, ...]
    unknown_contig: dict[str, int]
    renamed: dict[str, str]


def read_peaks(path: str | os.PathLike[str], *, contigs: Mapping[str, int], kind: str | None = None) -> Peaks:
    """Read a file of peaks, plain or gzipped.

    Parameters
    ----------
    path : path
        The file.
    contigs : mapping
        Contig name -> length of the reference. Contigs named otherwise by ``chr`` or M and MT alone get the
        reference's names; peaks on others are left out, and counted.
    kind : str, optional
        One of `FORMATS`; without it the suffix tells, and what is no narrowPeak or broadPeak is BED.

    Raises
    ------
    InputError
        When there is no such file, it holds no peak, or none on a contig of the reference; for a format of
        another name.
    ConfigErrors
        With all lines that are wrong: columns, numbers, an empty peak, one that leaves its contig, a summit
        outside of its peak.
    """
    source = Path(path)
    kind = kind or next((name for name in FORMATS if f".{name}" in source.suffixes), "bed")
    if kind not in FORMATS:
        raise InputError(
            f"{source}: format '{kind}'{nearest(kind, FORMATS)} found, wanted one of {', '.join(FORMATS)}"
        )
    problems = LineProblems(source)
    names: dict[str, str | None] = {}
    unknown: dict[str, int] = {}
    peaks = []
    for number, line in table_lines(source, headers=_HEADERS):
        fields = line.split("\t")
        if len(fields) not in FORMATS[kind]:
            wanted = f"{FORMATS[kind][0]}{' or more' * (kind == 'bed')}"
            problems.add(number, f"found {len(fields)} columns separated by tabs, wanted {wanted}")
            continue
        if fields[0] not in names:
            names[fields[0]] = synonym(fields[0], contigs)
        known = names[fields[0]]
        peak = _peak(fields, kind, known or fields[0], contigs.get(known or ""))
        if isinstance(peak, str):
            problems.add(number, peak)
        elif known is None:
            unknown[fields[0]] = unknown.get(fields[0], 0) + 1
        else:
            peaks.append(peak)
    problems.close()
    if not peaks:
        found = f"peaks on {some(list(unknown))} alone" if unknown else "no peak"
        raise InputError(
            f"{source}: found {found}, wanted some on the contigs of the reference, {some(list(contigs))}; "
            "give the peaks of this reference"
        )
    renamed = {name: known for name, known in names.items() if known is not None and known != name}
    return Peaks(tuple(peaks), unknown, renamed)


def _peak(fields: list[str], kind: str, contig: str, length: int | None) -> Peak | str:
    """Make a peak of a line, or say what is wrong with it."""
    try:
        start, end = int(fields[1]), int(fields[2])
    except ValueError:
        return f"found {fields[1]!r} to {fields[2]!r}, wanted whole numbers"
    if not 0 <= start < end:
        return f"found {start} to {end}, wanted 0 <= start < end"
    if length is not None and end > length:
        return f"ends at {end:,} on a contig of {length:,} bases; the peaks are of another build"
    summit = (start + end) // 2
    try:
        score = float(fields[4]) if len(fields) > 4 and fields[4] != "." else 0.0
        signal = float(fields[6]) if kind != "bed" else 0.0
        if kind == "narrowPeak" and int(fields[9]) >= 0:
            summit = start + int(fields[9])
    except ValueError:
        return f"found {' '.join(fields[4:])!r} behind the name, wanted the numbers of a {kind} file"
    if summit >= end:
        return f"found a summit {summit - start} bases behind the start of a peak of {end - start} bases"
    strand = fields[5] if len(fields) > 5 else "."
    if strand not in ("+", "-", "."):
        return f"found strand {strand!r}, wanted +, - or ."
    name = fields[3] if len(fields) > 3 else ""
    return Peak(contig, start, end, name, strand, score, signal, summit)
