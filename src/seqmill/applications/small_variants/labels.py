"""Labels of candidates from a truth set, and how much of the truth the candidates reach."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqmill.applications.application import LabelReport
from seqmill.genome.intervals import Interval, Regions, read_bed
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference
from seqmill.genome.replay import assign_carried
from seqmill.genome.variants import Allele, Variant, check_reference, read_vcf
from seqmill.genome.windows import Carried, carried, windows

UNLABELLED = -1
_GAP = 50  # bases without truth that part two clusters, which are explained apart
_BEYOND = 10_000  # bases around the regions asked for from which truth is read, so that clusters are whole


class Cluster(NamedTuple):
    """Truth alleles that are explained together, and where candidates may help: ``[start, end)``."""

    start: int
    end: int
    items: tuple[Carried, ...]


@dataclass(frozen=True)
class Truth:
    """The truth of one sample: variants sorted by start, and the regions where it is complete."""

    variants: tuple[Variant, ...]
    confident: Regions
    _clusters: dict[str, list[Cluster]] = field(default_factory=dict, repr=False, compare=False)

    def clusters(self, contig: str, start: int, end: int, reference: Reference) -> list[Cluster]:
        """Give the clusters of a contig that reach into ``[start, end)``, 0-based."""
        if contig not in self._clusters:
            self._clusters[contig] = list(self._gather(contig, reference))
        held = self._clusters[contig]
        first = bisect_right(held, start, key=lambda cluster: cluster.end)
        return held[first : bisect_left(held, end, key=lambda cluster: cluster.start)]

    def reach(self, contig: str, start: int, end: int, reference: Reference) -> tuple[int, int]:
        """Give the stretch over which candidates are needed to label those in ``[start, end)``."""
        touched = self.clusters(contig, start, end, reference)
        if touched:
            start, end = min(start, touched[0].start), max(end, touched[-1].end)
        return max(0, start), min(reference.contigs[contig], end)

    def _gather(self, contig: str, reference: Reference) -> Iterator[Cluster]:
        held = carried((variant for variant in self.variants if variant.contig == contig), reference)
        for window in windows([item.allele for item in held], [], reference, gap=_GAP):
            items = tuple(held[index] for index in window.left)
            yield Cluster(window.start - _GAP // 2, window.end + _GAP // 2, items)


def read_truth(
    truth: Path,
    confident: Path,
    reference: Reference,
    sample: str,
    *,
    near: Sequence[Interval] | None = None,
) -> Truth:
    """Read truth VCF and confident BED, and check that they belong to the reference.

    Parameters
    ----------
    truth, confident : Path
        VCF and BED.
    reference : Reference
        The reference of both.
    sample : str
        Whose genotypes to read.
    near : sequence of Interval, optional
        Only variants in or around these are read, through the index where there is one.

    Raises
    ------
    InputError
        When a file cannot be read, REF alleles differ from the reference (their number is told), or
        the confident regions are empty.
    """
    variants = _carrying(truth, sample, None if near is None else _around(near))
    if near is not None and not variants:
        # none near, or contigs of other names, which only the whole file can tell
        check_reference(_carrying(truth, sample, None), reference, name=str(truth))
    check_reference(variants, reference, name=str(truth))
    regions = read_bed(confident)
    check_names(confident, regions.contigs, reference.contigs, reference=reference.path)
    return Truth(tuple(sorted(variants, key=lambda v: (v.contig, v.start))), regions)


def _carrying(truth: Path, sample: str, regions: Regions | None) -> list[Variant]:
    return [v for v in read_vcf(truth, sample=sample, regions=regions) if _has_alternative(v)]


def _around(intervals: Sequence[Interval]) -> Regions:
    return Regions(Interval(one.contig, max(0, one.start - _BEYOND), one.end + _BEYOND) for one in intervals)


def label_candidates(
    candidates: Sequence[Allele],
    truth: Truth,
    reference: Reference,
    *,
    contig: str,
    start: int,
    end: int,
    report: LabelReport,
) -> np.ndarray:
    """Give each candidate the number of its copies in the truth haplotypes.

    Parameters
    ----------
    candidates : sequence of Allele
        Candidates whose start lies in ``truth.reach(contig, start, end, reference)``, sorted.
    truth : Truth
        Truth of the sample.
    reference : Reference
        The reference.
    contig : str
        Contig of the window.
    start, end : int
        The window that is counted in the report, 0-based half-open.
    report : LabelReport
        Counts truth alleles reached and missed; changed in place.

    Returns
    -------
    np.ndarray, int8, shape (c,)
        Copies 0, 1 or 2; `UNLABELLED` outside the confident regions or where the haplotypes are ambiguous.
    """
    held = [item for cluster in truth.clusters(contig, start, end, reference) for item in cluster.items]
    assigned = assign_carried(candidates, held, reference, gap=_GAP)
    labels = np.array([UNLABELLED if c is None else c for c in assigned.copies], np.int8)
    first = np.array([allele.start for allele in candidates], np.int64)
    last = np.array([allele.end - 1 for allele in candidates], np.int64)
    inside = truth.confident.contains(contig, first) & truth.confident.contains(contig, last)
    labels[~inside] = UNLABELLED
    positions = np.array([item.allele.start for item in assigned.truth], np.int64)
    counted = truth.confident.contains(contig, positions) & (positions >= start) & (positions < end)
    for item, here in zip(assigned.truth, counted, strict=True):
        if here:
            kind = "snp" if item.allele.is_snp else "indel"
            reached = item.outcome == "reached"
            report.count(f"truth_reached.{kind}" if reached else f"truth_missed.{kind}.{item.outcome}")
    return labels


def _has_alternative(variant: Variant) -> bool:
    return variant.genotype is not None and any(allele for allele in variant.genotype if allele)
