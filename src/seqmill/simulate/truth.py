"""The truth of a simulated individual: phased VCF and confident regions."""

import os
from collections.abc import Iterable, Mapping

import numpy as np
import pysam

from seqmill.files import atomic_path
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant
from seqmill.simulate.repeats import N_CODE

END_MARGIN = 500


def write_truth(
    path: str | os.PathLike[str], variants: Iterable[Variant], *, sample: str, contigs: Mapping[str, int]
) -> None:
    """Write variants as VCF 4.3, bgzipped, with a tabix index beside it.

    Parameters
    ----------
    path : path
        Ends in ``.vcf.gz``.
    variants : iterable of Variant
        Sorted by contig in the order of `contigs`, then by start.
    sample : str
        Name of the genotype column.
    contigs : mapping of str to int
        Lengths of all contigs of the reference, for the header.
    """
    header = [
        "##fileformat=VCFv4.3",
        '##FILTER=<ID=PASS,Description="All filters passed">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        *(f"##contig=<ID={name},length={length}>" for name, length in contigs.items()),
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", sample)),
    ]
    with atomic_path(path) as aside:
        with pysam.BGZFile(str(aside), "wb") as handle:
            handle.write(("\n".join(header) + "\n").encode())
            for variant in variants:
                handle.write(_line(variant).encode())
        with atomic_path(f"{os.fspath(path)}.tbi") as index:
            pysam.tabix_index(str(aside), preset="vcf", index=str(index), keep_original=True)


def confident_regions(reference: Reference, contigs: Iterable[str], mask: Regions) -> Regions:
    """Give where the truth can be trusted: inside the mask, off N, and 500 bp off each end of a contig."""
    whole = []
    for contig in contigs:
        length = reference.contigs[contig]
        known = np.zeros(length + 2, np.int8)
        known[1:-1] = reference.codes(contig, 0, length) < N_CODE
        known[: END_MARGIN + 1] = known[length + 1 - END_MARGIN :] = 0
        steps = np.diff(known)
        for start, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            whole.append(Interval(contig, int(start), int(end)))
    return Regions(whole).intersect(mask)


def _line(variant: Variant) -> str:
    genotype = ("|" if variant.phased else "/").join(
        "." if a is None else str(a) for a in variant.genotype or (None,)
    )
    filters = ";".join(variant.filters) or "."
    columns = (
        variant.contig,
        variant.start + 1,
        ".",
        variant.ref,
        ",".join(variant.alts),
        ".",
        filters,
        ".",
        "GT",
    )
    return "\t".join(map(str, (*columns, genotype))) + "\n"
