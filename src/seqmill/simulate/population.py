"""Polymorphic sites that the individuals of a simulation share, and a trait that some of them act on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from seqmill.files import write_tsv
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.simulate.alleles import AlleleSource
from seqmill.simulate.individuals import reach
from seqmill.simulate.plan import Plan
from seqmill.simulate.sites import Site
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream

_APART = 20
_LOWEST, _HIGHEST = 0.05, 0.5

Individuals = Mapping[tuple[str, str], Sequence[Variant]]
Sites = Mapping[str, Sequence[Site]]


def draw_sites(contig: str, reference: Reference, spectrum: Spectrum, *, count: int, seed: int) -> list[Site]:
    """Draw polymorphic sites of two alleles on a contig.

    SNPs and indels occur as often as in the spectrum. Frequencies are log-uniform from 0.05 to 0.5. Sites
    keep 20 bases between them, where indels take up all places where they could be written.

    Returns
    -------
    list of Site
        By start; fewer than `count` where the contig is too crowded.
    """
    rng = stream(seed, "sites", contig)
    source = AlleleSource(contig, reference, spectrum)
    share = spectrum.indel_rate / (spectrum.snp_rate + spectrum.indel_rate)
    kept: list[Allele] = []
    taken = np.zeros(reference.contigs[contig] + 1, bool)
    for _ in range(20 * count):
        if len(kept) == count:
            break
        if rng.random() < share:
            allele = next(iter(source.indels(rng)), None)
        else:
            allele = source.snp(int(source.callable[rng.integers(len(source.callable))]), rng)
        if allele is None:
            continue
        span = slice(max(0, allele.start - _APART), reach(allele, reference) + _APART)
        if not taken[span].any():
            taken[allele.start : reach(allele, reference)] = True
            kept.append(allele)
    frequencies = np.exp(rng.uniform(np.log(_LOWEST), np.log(_HIGHEST), len(kept)))
    return [
        Site(allele.start, allele.ref, (allele.alt,), (float(frequency),))
        for allele, frequency in zip(sorted(kept), frequencies, strict=True)
    ]


def write_population(plan: Plan, sites: Sites, individuals: Individuals, folder: Path) -> None:
    """Write ``sites.tsv`` and, where a trait is planned, ``persons.tsv``.

    The sites have contig, position (1-based), alleles and frequency, and the effect of each copy on the
    trait. The trait is the sum of the effects over carried copies, plus normal noise, so that the share of
    its variance that the sites explain in a large population in Hardy-Weinberg equilibrium is the
    heritability; ``affected`` is 1 for the upper half of those who are simulated.
    """
    places = [(contig, site) for contig, held in sites.items() for site in held]
    effects = _effects(plan, places)
    rows = [
        (contig, site.start + 1, site.ref, site.alts[0], f"{site.frequencies[0]:.6f}", f"{effect:.6f}")
        for (contig, site), effect in zip(places, effects, strict=True)
    ]
    columns = ("contig", "position", "ref", "alt", "frequency", "effect")
    write_tsv(folder / "sites.tsv", [columns, *rows])
    if not plan.trait.causal:
        return
    people = sorted({who for who, contig in individuals if contig in sites})
    dosages = np.array([[_copies(individuals, who, *place) for place in places] for who in people])
    frequency = np.array([site.frequencies[0] for _, site in places])
    genetic = float((2 * frequency * (1 - frequency) * effects**2).sum())
    spread = np.sqrt(genetic * (1 - plan.trait.heritability) / plan.trait.heritability)
    values = dosages @ effects + spread * stream(plan.seed, "trait").normal(size=len(people))
    affected = (values > np.median(values)).astype(int)
    persons = [(who, f"{value:.6f}", ill) for who, value, ill in zip(people, values, affected, strict=True)]
    write_tsv(folder / "persons.tsv", [("person", "trait", "affected"), *persons])


def _effects(plan: Plan, places: Sequence[tuple[str, Site]]) -> np.ndarray:
    """Draw effects of a standard normal distribution at as many sites as are causal; the others have none."""
    rng = stream(plan.seed, "effects")
    effects = np.zeros(len(places))
    causal = rng.choice(len(places), min(plan.trait.causal, len(places)), replace=False)
    effects[causal] = rng.normal(size=len(causal))
    return effects


def _copies(individuals: Individuals, who: str, contig: str, site: Site) -> int:
    """Count the copies of a site's alternative allele; no other variant touches it."""
    return sum(
        variant.copies(1) for variant in individuals.get((who, contig), ()) if variant.start == site.start
    )
