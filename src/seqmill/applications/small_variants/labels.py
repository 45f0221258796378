"""Labels of candidates from a truth set, and how much of the truth the candidates reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqmill.applications.application import LabelReport
from seqmill.genome.intervals import Regions, read_bed
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference
from seqmill.genome.replay import assign_copies
from seqmill.genome.variants import Allele, Variant, check_reference, read_vcf

UNLABELLED = -1


@dataclass(frozen=True)
class Truth:
    """The truth of one sample: variants sorted by start, and the regions where it is complete."""

    variants: tuple[Variant, ...]
    confident: Regions

    def near(self, contig: str, start: int, end: int) -> list[Variant]:
        """Give the variants of a contig that begin in ``[start, end)``, 0-based."""
        return [v for v in self.variants if v.contig == contig and start <= v.start < end]


def read_truth(truth: Path, confident: Path, reference: Reference, sample: str) -> Truth:
    """Read truth VCF and confident BED, and check that they belong to the reference.

    Raises
    ------
    InputError
        When a file cannot be read, REF alleles differ from the reference (their number is told), or
        the confident regions are empty.
    """
    variants = [v for v in read_vcf(truth, sample=sample) if _has_alternative(v)]
    check_reference(variants, reference, name=str(truth))
    regions = read_bed(confident)
    check_names(confident, regions.contigs, reference.contigs, reference=reference.path)
    return Truth(tuple(sorted(variants, key=lambda v: (v.contig, v.start))), regions)


def label_candidates(
    candidates: Sequence[Allele],
    truth: Truth,
    reference: Reference,
    *,
    contig: str,
    start: int,
    end: int,
    margin: int,
    report: LabelReport,
) -> np.ndarray:
    """Give each candidate the number of its copies in the truth haplotypes.

    Parameters
    ----------
    candidates : sequence of Allele
        Candidates whose start lies in ``[start - margin, end + margin)``, sorted.
    truth : Truth
        Truth of the sample.
    reference : Reference
        The reference.
    contig : str
        Contig of the window.
    start, end : int
        The window that is counted in the report, 0-based half-open.
    margin : int
        Bases beyond the window over which haplotypes are compared.
    report : LabelReport
        Counts truth alleles reached and missed; changed in place.

    Returns
    -------
    np.ndarray, int8, shape (c,)
        Copies 0, 1 or 2; `UNLABELLED` outside the confident regions or where the haplotypes are ambiguous.
    """
    near = truth.near(contig, start - margin, end + margin)
    assigned = assign_copies(candidates, near, reference)
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
