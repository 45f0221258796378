"""Labelled bases of a contig from the junctions of its reads, from an annotation, or from both."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from seqmill.applications.application import LabelReport
from seqmill.applications.splicing.labels import Labels, place
from seqmill.applications.splicing.spec import Options
from seqmill.genome.annotation import Annotation, Intron, merged, splice_sites
from seqmill.genome.gff import read_annotation
from seqmill.genome.reference import Reference
from seqmill.reads.junctions import Junctions, find_junctions

STRANDS = ("+", "-")


class GeneLabels:
    """Labels the bases of genes, contig by contig.

    Parameters
    ----------
    alignments : Path
        Staged RNA reads.
    reference : Reference
        Their genome.
    annotation : Path or None
        GTF or GFF3 of the genes.
    options : Options
        What counts as a site.
    """

    def __init__(
        self, alignments: Path, reference: Reference, annotation: Path | None, options: Options
    ) -> None:
        self._alignments, self._reference, self._options = alignments, reference, options
        self._annotation: Annotation | None = None
        if annotation is not None:
            self._annotation = read_annotation(annotation, contigs=reference.contigs)
        self._introns: dict[str, list[Intron]] = {}
        for intron in self._annotation.introns if self._annotation else ():
            self._introns.setdefault(intron.contig, []).append(intron)

    def of(self, contig: str, report: LabelReport) -> dict[str, Labels]:
        """Give the labels of each strand of a contig; what was found and left out is counted."""
        options = self._options
        found = find_junctions(
            self._alignments,
            reference=self._reference,
            contigs=[contig],
            library=options.library,
            anchor=options.anchor,
            min_intron=options.min_intron,
            max_intron=options.max_intron,
            min_unique=1,
        )
        enough = found.unique >= options.min_unique
        _report(found, enough, report)
        seen, weak = chosen(found, enough), chosen(found, ~enough)
        known = [
            intron
            for intron in self._introns.get(contig, ())
            if options.min_intron <= intron.end - intron.start <= options.max_intron
        ]
        report.count("introns_annotated", len(known))
        report.count("introns_annotated_seen", len({*known} & {*seen}))
        certain = {"reads": seen, "annotation": known, "either": [*seen, *known]}[options.evidence]
        doubtful = [*seen, *weak, *known]
        return {strand: self._labels(contig, strand, certain, doubtful) for strand in STRANDS}

    def _labels(
        self, contig: str, strand: str, certain: Iterable[Intron], doubtful: Iterable[Intron]
    ) -> Labels:
        mine = [intron for intron in certain if intron.strand == strand]
        others = [intron for intron in doubtful if intron.strand == strand]
        return place(self._genes(contig, strand, mine), splice_sites(mine), splice_sites(others))

    def _genes(self, contig: str, strand: str, introns: Sequence[Intron]) -> list[tuple[int, int]]:
        """Give the stretches of genes: those annotated, or introns with some bases beside them."""
        length = self._reference.contigs[contig]
        if self._annotation is not None:
            spans = [
                (gene.start, gene.end)
                for gene in self._annotation.genes
                if (gene.contig, gene.strand) == (contig, strand)
            ]
        else:
            exon = self._options.exon
            spans = [(intron.start - exon, intron.end + exon) for intron in introns]
        return list(merged((max(0, start), min(length, end)) for start, end in spans))


def chosen(junctions: Junctions, rows: np.ndarray) -> list[Intron]:
    """Give the introns of the rows that are chosen and whose strand is known."""
    picked = zip(
        *(column[rows].tolist() for column in (junctions.contig, junctions.start, junctions.end)),
        junctions.strand[rows].tolist(),
        strict=True,
    )
    return [
        Intron(junctions.contigs[contig], start, end, "+" if strand > 0 else "-")
        for contig, start, end, strand in picked
        if strand
    ]


def _report(found: Junctions, enough: np.ndarray, report: LabelReport) -> None:
    for reason in ("short_intron", "long_intron", "short_anchor"):
        report.count(f"skips_dropped.{reason}", found.dropped[reason])
    report.count("junctions_dropped.few_fragments", int((~enough).sum()))
    report.count("junctions_dropped.unknown_strand", int((enough & (found.strand == 0)).sum()))
    report.count("junctions", int((enough & (found.strand != 0)).sum()))
