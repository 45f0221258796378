"""Tables of regions, such as peaks, that stand for reads: any BED to one sorted, indexed form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.indexed_bed import write_indexed_bed
from seqmill.genome.labelled import column_names
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.reference import Reference
from seqmill.reads.contigs import by_reference
from seqmill.reads.depth import Coverage, spans_coverage

_HEADERS = ("#", "track", "browser")
_STRANDS = ("+", "-", ".")
Row = tuple[int, int, str]


@dataclass(frozen=True)
class StagedRegions:
    """What a table of regions held.

    Attributes
    ----------
    coverage : dict
        Contig -> what its regions cover.
    total, kept : int
        Regions in the file, and in the staged one.
    dropped : dict
        Reason -> regions left out.
    contig_mismatches : tuple of str
        One sentence for each contig that was renamed or that the reference lacks.
    """

    coverage: dict[str, Coverage]
    total: int
    kept: int
    dropped: dict[str, int] = field(default_factory=dict)
    contig_mismatches: tuple[str, ...] = ()


def stage_regions(
    path: Path, reference: Reference, output: Path, *, rename_contigs: str | None = None
) -> StagedRegions:
    """Check, rename, sort and index a table of regions; further columns are kept as they are.

    Parameters
    ----------
    path : Path
        Plain or gzipped text, tab-separated: contig, start and end (0-based half-open), and as many further
        columns in each line; a first line that begins with ``#`` and has as many cells names them.
    reference : Reference
        The genome.
    output : Path
        Where the staged file goes, bgzipped; its index goes beside it (``.tbi`` added).
    rename_contigs : str, optional
        How contig names become those of the reference; see `seqmill.reads.contigs.contig_map`.

    Raises
    ------
    InputError
        When the file holds no region, shares no contig with the reference, or names differ by ``chr`` alone.
    ConfigErrors
        With all lines that are wrong: columns, numbers, an empty region, an unknown strand.
    """
    rows, header = _read(path)
    total = sum(map(len, rows.values()))
    named, unknown, mismatches = by_reference(path, rows, reference, rule=rename_contigs, holds="regions")
    dropped = {"unknown_contig": unknown} if unknown else {}
    kept: dict[str, list[Row]] = {}
    for name, length in reference.contigs.items():
        if name in named:
            kept[name] = sorted(row for row in named[name] if row[1] <= length)
            beyond = len(named[name]) - len(kept[name])
            if beyond:
                dropped["beyond_contig"] = dropped.get("beyond_contig", 0) + beyond
    write_indexed_bed(output, _lines(kept, header))
    return StagedRegions(
        coverage={name: _coverage(of, reference.contigs[name]) for name, of in kept.items()},
        total=total,
        kept=sum(map(len, kept.values())),
        dropped=dropped,
        contig_mismatches=mismatches,
    )


def _read(path: Path) -> tuple[dict[str, list[Row]], str]:
    """Give the rows of each contig as start, end and further text, and the header line."""
    problems = LineProblems(path)
    found: dict[str, list[Row]] = {}
    header, columns = "", 0
    for number, line in table_lines(path, headers=_HEADERS[1:]):
        if line.startswith("#"):
            header = line if not found and not columns else header
            continue
        cells = line.split("\t")
        columns = columns or len(cells)
        problem = _problem(cells, columns)
        if problem:
            problems.add(number, problem)
        else:
            found.setdefault(cells[0], []).append((int(cells[1]), int(cells[2]), "\t".join(cells[3:])))
    problems.close()
    if not found:
        raise InputError(f"{path}: holds no region; wanted lines of 'contig<TAB>start<TAB>end'")
    return found, "#" + "\t".join(column_names(header, columns))


def _problem(cells: list[str], columns: int) -> str | None:
    if len(cells) < 3 or len(cells) != columns:
        wanted = f"{columns} as in the lines before" if columns >= 3 else "at least 3"
        return f"found {len(cells)} columns separated by tabs, wanted {wanted}"
    if not (cells[1].isdecimal() and cells[2].isdecimal()):
        return f"found {cells[1]!r} to {cells[2]!r}, wanted whole numbers"
    if int(cells[1]) >= int(cells[2]):
        return f"found {cells[1]} to {cells[2]}, wanted 0 <= start < end"
    if len(cells) > 5 and cells[5] not in _STRANDS:
        return f"found strand {cells[5]!r} in column 6, wanted one of {', '.join(_STRANDS)}"
    return None


def _lines(rows: Mapping[str, list[Row]], header: str) -> Iterator[str]:
    yield f"{header}\n"
    for name, of_contig in rows.items():
        lines = (f"{name}\t{start}\t{end}\t{more}".rstrip("\t") for start, end, more in of_contig)
        yield "".join(f"{line}\n" for line in lines)


def _coverage(rows: list[Row], length: int) -> Coverage:
    spans = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2)
    return spans_coverage(spans, length, reads=len(spans))
