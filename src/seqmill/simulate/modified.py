"""A sample of a plan whose reads carry base modifications: its alignments and its levels."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pysam

from seqmill.files import atomic_path
from seqmill.genome.bases import reverse_complement
from seqmill.genome.reference import Reference
from seqmill.reads.marks import MARKS
from seqmill.simulate.aligned import write_alignments
from seqmill.simulate.modified_reads import PlantedMark, draw_modified_reads
from seqmill.simulate.plan import Plan
from seqmill.simulate.streams import stream_key


def write_modified(plan: Plan, name: str, *, reference: Reference, folder: Path) -> None:
    """Write ``reads.bam`` with its index and ``levels.bed.gz``, the planted levels, into `folder`."""
    sample = plan.samples[name]
    folder.mkdir(parents=True, exist_ok=True)
    order = [contig for contig in reference.contigs if contig in sample.contigs]
    codes = {contig: reference.codes(contig, 0, reference.contigs[contig]) for contig in order}
    marks = [PlantedMark(mark=mark, **asdict(facts)) for mark, facts in sample.modified.marks.items()]
    lines = draw_modified_reads(
        codes,
        marks,
        depth=sample.depth,
        seed=stream_key(plan.seed, "sample", name) >> 1,
        noise=sample.modified.noise,
        read_length=sample.modified.read_length,
    )
    write_alignments(folder / "reads.bam", reference.contigs, lines)
    write_levels(folder / "levels.bed.gz", codes, marks)


def write_levels(
    path: str | os.PathLike[str], codes: Mapping[str, np.ndarray], marks: Sequence[PlantedMark]
) -> None:
    """Write the share of molecules that carry each mark at each base as bedMethyl, bgzipped.

    Parameters
    ----------
    path : path
        The file to write.
    codes : mapping
        Contig name -> bases, uint8: A 0, C 1, G 2, T 3, N 4.
    marks : sequence of PlantedMark
        Where they are planted. The coverage in the file is 0: nobody counted.
    """
    with atomic_path(path) as aside, pysam.BGZFile(str(aside), "w") as handle:
        for contig, bases in codes.items():
            handle.write("".join(_lines(contig, bases, marks)).encode())


def _lines(contig: str, bases: np.ndarray, marks: Sequence[PlantedMark]) -> Iterator[str]:
    turned = reverse_complement(bases)
    rows = []
    for number, mark in enumerate(marks):
        base = "ACGT".index(MARKS[mark.mark].base)
        forward, reverse = mark.levels(bases), mark.levels(turned)[::-1]
        rows += [(at, number, "+", forward[at]) for at in np.flatnonzero(bases == base).tolist()]
        rows += [(at, number, "-", reverse[at]) for at in np.flatnonzero(bases == 3 - base).tolist()]
    for at, number, strand, level in sorted(rows, key=lambda row: row[:2]):
        mark = MARKS[marks[number].mark]
        place = f"{at}\t{at + 1}"
        yield (
            f"{contig}\t{place}\t{mark.letter or mark.chebi}\t{round(1000 * level)}\t{strand}\t{place}"
            f"\t0,0,0\t0\t{100 * level:.2f}\n"
        )
