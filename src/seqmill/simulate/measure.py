"""Measure the spectrum of variants from a truth VCF, and of the repeats around indels from known sites.

``python -m seqmill.simulate.measure --vcf TRUTH.vcf.gz --confident CONFIDENT.bed.gz`` prints the first,
``--sites SITES.vcf.gz --contig NAME --reference REF.fa.gz`` the second.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace

import numpy as np
import yaml

from seqmill.errors import InputError
from seqmill.genome.intervals import Regions, read_bed
from seqmill.genome.normalise import is_sequence, normalise, trim
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, read_vcf
from seqmill.simulate.repeats import find_repeats
from seqmill.simulate.sites import Site, read_sites
from seqmill.simulate.spectrum import LONGEST_INDEL, Spectrum

_TRANSITIONS = {"AG", "GA", "CT", "TC"}


def measure_spectrum(
    vcf: str | os.PathLike[str], confident: Regions, *, base: Spectrum | None = None
) -> Spectrum:
    """Measure rates, zygosity, transitions and indel lengths; everything else stays as in `base`.

    Parameters
    ----------
    vcf : path
        Truth of one individual, with genotypes.
    confident : Regions
        Where the truth is complete; variants elsewhere are left out.

    Raises
    ------
    InputError
        When fewer than 100 SNPs or 100 indels are found.
    """
    snps: Counter[str] = Counter()
    lengths: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    indel_het = 0
    for variant in read_vcf(vcf, regions=confident):
        carried = {number for number in variant.genotype or () if number}
        if None in (variant.genotype or (None,)):
            continue
        het = len(set(variant.genotype)) > 1
        for alt in (variant.alts[number - 1] for number in carried):
            if not is_sequence(alt):
                continue
            _, removed, added = trim(variant.start, variant.ref, alt)
            if len(removed) == len(added) == 1:
                snps["het" if het else "hom"] += 1
                snps["transition" if removed + added in _TRANSITIONS else "transversion"] += 1
            elif not removed or not added:
                lengths[not added][len(removed) or len(added)] += 1
                indel_het += het
    total, deleted = snps["het"] + snps["hom"], lengths[True].total()
    indels = deleted + lengths[False].total()
    if total < 100 or indels < 100:
        raise InputError(
            f"{vcf}: {total} SNPs and {indels} indels inside the confident regions are too few to measure a "
            "spectrum from; wanted at least 100 of each"
        )
    return replace(
        base or Spectrum(),
        snp_rate=total / confident.size,
        indel_rate=indels / confident.size,
        transition_ratio=snps["transition"] / max(1, snps["transversion"]),
        snp_het=snps["het"] / total,
        indel_het=indel_het / indels,
        deletion_share=deleted / indels,
        deletion_lengths=tuple(float(lengths[True][size]) for size in range(1, LONGEST_INDEL + 1)),
        insertion_lengths=tuple(float(lengths[False][size]) for size in range(1, LONGEST_INDEL + 1)),
    )


def measure_repeats(
    sites: Iterable[Site], contig: str, reference: Reference, *, base: Spectrum | None = None
) -> Spectrum:
    """Measure in which repeats indels lie, weighted by how often an individual carries them.

    Parameters
    ----------
    sites : iterable of Site
        Polymorphic sites of `contig`.
    contig : str
    reference : Reference
    """
    base = base or Spectrum()
    codes = reference.codes(contig, 0, reference.contigs[contig])
    runs = find_repeats(codes, unit=1, copies=3)
    longest = len(base.run_weights) - 1
    there = np.bincount(np.minimum(runs.lengths - 3, longest), minlength=longest + 1)
    hit = np.zeros(longest + 1)
    shares = np.zeros((4, 3))
    copied = np.zeros(2)
    for allele, weight in _indels(sites, contig, reference):
        removed, added = allele.ref[1:], allele.alt[1:]
        unit = removed or added
        group = min(len(unit), 4) - 1
        period = _period(unit)
        copies = _copies(reference, contig, allele.start + 1, unit[:period])
        if period == 1 and copies >= 3:
            shares[group, 0] += weight
            hit[min(copies - 3, longest)] += weight
        elif period > 1 and copies >= (3 if period < 4 else 2):
            shares[group, 1] += weight
        else:
            shares[group, 2] += weight
            if added:
                copied += weight * (copies >= 1), weight
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    rates = np.maximum.accumulate(hit / np.maximum(there, 1))
    return replace(
        base,
        homopolymer_share=tuple(shares[:, 0].round(3).tolist()),
        tandem_share=tuple(shares[:, 1].round(3).tolist()),
        run_weights=tuple((1e3 * rates).round(2).tolist()),
        duplication_share=round(float(copied[0] / max(copied[1], 1e-9)), 3),
    )


def _indels(sites: Iterable[Site], contig: str, reference: Reference) -> Iterable[tuple[Allele, float]]:
    for site in sites:
        for alt, frequency in zip(site.alts, site.frequencies, strict=True):
            if is_sequence(alt) and len(alt) != len(site.ref):
                allele = normalise(contig, site.start, site.ref, alt, reference)
                if min(len(allele.ref), len(allele.alt)) == 1:
                    yield allele, frequency * (2 - frequency)


def _period(bases: str) -> int:
    return next(
        size
        for size in range(1, len(bases) + 1)
        if len(bases) % size == 0 and bases[:size] * (len(bases) // size) == bases
    )


def _copies(reference: Reference, contig: str, start: int, unit: str) -> int:
    end = min(reference.contigs[contig], start + 200)
    sequence = reference.fetch(contig, start, end)
    copies = 0
    while sequence.startswith(unit, copies * len(unit)):
        copies += 1
    return copies


def main() -> None:
    """Print what was measured as YAML."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--vcf")
    parser.add_argument("--confident")
    parser.add_argument("--sites")
    parser.add_argument("--contig")
    parser.add_argument("--reference")
    options = parser.parse_args()
    spectrum = Spectrum()
    if options.vcf:
        spectrum = measure_spectrum(options.vcf, read_bed(options.confident), base=spectrum)
    if options.sites:
        reference = Reference(options.reference)
        contig = next(iter(reference.contigs))
        sites = read_sites(options.sites, options.contig or contig, contig=contig, reference=reference)
        spectrum = measure_repeats(sites, contig, reference, base=spectrum)
    print(
        yaml.safe_dump({key: list(v) if isinstance(v, tuple) else v for key, v in asdict(spectrum).items()})
    )


if __name__ == "__main__":
    main()
