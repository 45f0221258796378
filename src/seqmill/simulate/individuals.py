"""Diploid individuals: variants with phased genotypes, from a spectrum or from sites with frequencies."""

from collections.abc import Iterable

import numpy as np

from seqmill.genome.normalise import is_sequence, normalise
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.simulate.alleles import AlleleSource
from seqmill.simulate.sites import Site
from seqmill.simulate.spectrum import Spectrum

_FARTHEST = 1_000

Carried = tuple[Allele, tuple[bool, bool]]


def draw_from_spectrum(
    contig: str, reference: Reference, spectrum: Spectrum, rng: np.random.Generator
) -> list[Variant]:
    """Draw one individual's variants on a contig.

    The number of SNPs and indels is Poisson; some SNPs are placed near another variant, as they lie in
    real genomes. Alleles that overlap another one, or lie at N, are dropped.

    Returns
    -------
    list of Variant
        Phased, normalised, in order of start, free of overlaps.
    """
    source = AlleleSource(contig, reference, spectrum)
    snps, indels = (
        rng.poisson(rate * len(source.callable)) for rate in (spectrum.snp_rate, spectrum.indel_rate)
    )
    carried: list[Carried] = []
    for _ in range(indels):
        alleles = source.indels(rng)
        if len(alleles) == 2:
            carried.extend((allele, (which == 0, which == 1)) for which, allele in enumerate(alleles))
        else:
            carried.extend((allele, _genotype(spectrum.indel_het, rng)) for allele in alleles)
    places = source.callable[rng.integers(0, max(1, len(source.callable)), snps)]
    anchors = np.concatenate([places, [allele.start for allele, _ in carried]]).astype(np.int64)
    near = np.flatnonzero(rng.random(snps) < spectrum.cluster_share)
    distance = np.floor(np.exp(rng.random(len(near)) * np.log(spectrum.cluster_span + 1))).astype(np.int64)
    sign = np.where(rng.random(len(near)) < 0.5, 1, -1)
    if len(anchors):
        places[near] = anchors[rng.integers(0, len(anchors), len(near))] + sign * distance
    for place in places:
        allele = source.snp(int(place), rng)
        if allele is not None:
            carried.append((allele, _genotype(spectrum.snp_het, rng)))
    return compose(carried, reference)


def draw_from_sites(
    contig: str, reference: Reference, sites: Iterable[Site], rng: np.random.Generator
) -> list[Variant]:
    """Draw one individual's variants at known sites, each haplotype by the allele frequencies.

    Both haplotypes are drawn independently, which is Hardy-Weinberg equilibrium; sites are independent of
    each other. Symbolic alleles are left out, and so are alleles that overlap another one.
    """
    carried: list[Carried] = []
    for site in sites:
        edges = np.cumsum(site.frequencies)
        picks = [int(np.searchsorted(edges, u, side="right")) for u in rng.random(2)]
        for number, alt in enumerate(site.alts):
            held = picks[0] == number, picks[1] == number
            if any(held) and is_sequence(alt) and alt != site.ref:
                carried.append((normalise(contig, site.start, site.ref, alt, reference), held))
    return compose(carried, reference)


def compose(carried: Iterable[Carried], reference: Reference) -> list[Variant]:
    """Lay alleles beside each other as records of a phased VCF, free of overlaps.

    An indel takes up the whole repeat in which it could be placed, so that no other variant inside the
    repeat makes the two of them one change that is written shorter another way. Two alleles that start
    together and lie on different haplotypes become one record with two alternative alleles; of alleles that
    overlap otherwise, the first one stays.
    """
    groups: list[list[Carried]] = []
    end = 0
    for allele, held in sorted(carried, key=lambda item: (item[0].start, item[0].end, item[0].alt)):
        if allele.start >= end:
            groups.append([(allele, held)])
        elif groups and _joins(groups[-1], allele, held):
            groups[-1].append((allele, held))
        else:
            continue
        end = max(end, reach(allele, reference))
    return [_record(group) for group in groups]


def reach(allele: Allele, reference: Reference) -> int:
    """Give the end (0-based, exclusive) of the stretch in which an allele can be placed to the same effect.

    For a left-aligned indel it is where the indel ends when shifted right as far as it goes, at most
    1,000 bp; for anything else the end of the allele.
    """
    moved = allele.ref[1:] or allele.alt[1:]
    if len(allele.ref) == len(allele.alt) or allele.ref[0] != allele.alt[0]:
        return allele.end
    behind = reference.fetch(
        allele.contig, allele.end, min(reference.contigs[allele.contig], allele.end + _FARTHEST)
    )
    shift = 0
    while shift < len(behind) and behind[shift] == moved[shift % len(moved)]:
        shift += 1
    return allele.end + shift


def _record(group: list[Carried]) -> Variant:
    first = group[0][0]
    ref = max((allele.ref for allele, _ in group), key=len)
    alts = tuple(allele.alt + ref[len(allele.ref) :] for allele, _ in group)
    genotype = tuple(
        next((number for number, (_, held) in enumerate(group, 1) if held[side]), 0) for side in (0, 1)
    )
    return Variant(first.contig, first.start, ref, alts, genotype, phased=True, filters=("PASS",))


def _joins(group: list[Carried], allele: Allele, held: tuple[bool, bool]) -> bool:
    other, others = group[0]
    disjoint = not any(a and b for a, b in zip(held, others, strict=True))
    same = (allele.ref, allele.alt) == (other.ref, other.alt)
    return len(group) == 1 and other.start == allele.start and disjoint and not same


def _genotype(het: float, rng: np.random.Generator) -> tuple[bool, bool]:
    kind, side = rng.random(2)
    return (True, True) if kind >= het else (side < 0.5, side >= 0.5)
