"""Tables of splice junctions in the format of STAR's SJ.out.tab: nine columns, no header."""

import os
from collections.abc import Iterable, Sequence

import numpy as np

from seqmill.files import atomic_path
from seqmill.genome.annotation import Intron
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.splice_motifs import MOTIFS
from seqmill.reads.junctions import Junctions

_STRANDS = {0: 0, 1: 1, -1: 2}
_MEANT = {code: strand for strand, code in _STRANDS.items()}


def write_junctions(
    path: str | os.PathLike[str], junctions: Junctions, *, annotated: Iterable[Intron] = ()
) -> None:
    """Write junctions, atomically.

    The columns: contig; first and last base of the intron, from 1; strand (0 not known, 1 +, 2 -); motif, a
    place in `seqmill.genome.splice_motifs.MOTIFS`; 1 where the intron is annotated, else 0; unique and
    multi-mapped fragments; the largest overhang.

    Parameters
    ----------
    path : path
        Where the table goes.
    junctions : Junctions
        Its rows.
    annotated : iterable of Intron
        The introns of an annotation.
    """
    known = {(intron.contig, intron.start, intron.end) for intron in annotated}
    with atomic_path(path) as aside, open(aside, "w") as handle:
        for row in range(len(junctions)):
            contig = junctions.contigs[junctions.contig[row]]
            start, end = int(junctions.start[row]), int(junctions.end[row])
            fields = (
                contig,
                start + 1,
                end,
                _STRANDS[int(junctions.strand[row])],
                junctions.motif[row],
                int((contig, start, end) in known),
                junctions.unique[row],
                junctions.multiple[row],
                junctions.overhang[row],
            )
            handle.write("\t".join(map(str, fields)) + "\n")


def read_junctions(path: str | os.PathLike[str]) -> Junctions:
    """Read junctions that `write_junctions` or STAR wrote.

    Raises
    ------
    InputError
        When there is no such file.
    ConfigErrors
        With all lines that are wrong: columns, coordinates, a strand or motif that there is not.
    """
    problems = LineProblems(path)
    rows: list[list[int]] = []
    contigs: dict[str, int] = {}
    for number, line in table_lines(path):
        contig, *fields = line.split("\t")
        problem = _problem(fields)
        if problem:
            problems.add(number, problem)
            continue
        rows.append([contigs.setdefault(contig, len(contigs)), *map(int, fields)])
    problems.close()
    contig, first, last, strand, motif, _, unique, multiple, overhang = (
        np.array(rows, np.int64).reshape(-1, 9).T
    )
    return Junctions(
        contigs=tuple(contigs),
        contig=contig.astype(np.int32),
        start=first - 1,
        end=last,
        strand=np.array([_MEANT[code] for code in strand.tolist()], np.int8),
        motif=motif.astype(np.uint8),
        unique=unique,
        multiple=multiple,
        overhang=overhang.astype(np.int32),
        dropped={},
    )


def _problem(fields: Sequence[str]) -> str | None:
    if len(fields) != 8 or not all(field.isdecimal() for field in fields):
        return f"found {' '.join(fields)!r} behind the contig, wanted eight whole numbers"
    first, last, strand, motif = map(int, fields[:4])
    if not 1 <= first <= last:
        return f"found an intron from {first} to {last}, wanted 1 <= first <= last"
    if strand not in _MEANT or motif >= len(MOTIFS):
        return f"found strand {strand} and motif {motif}, wanted 0 to 2 and 0 to {len(MOTIFS) - 1}"
    return None
