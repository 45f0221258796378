"""Carry the plan of a cohort out."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.files import write_json, write_tsv
from seqmill.simulate.cohort.haplotypes import Alleles
from seqmill.simulate.cohort.people import People, draw_people
from seqmill.simulate.cohort.plan import CohortPlan
from seqmill.simulate.cohort.traits import Trait, Values, ceiling, draw_trait
from seqmill.simulate.cohort.write import Site, draw_alleles, write_features, write_genotypes
from seqmill.simulate.streams import stream

COVARIATES = ("age", "sex")

_PARTS = ("genetic", "known")


def simulate_cohort(plan: CohortPlan, output: str | os.PathLike[str]) -> dict[str, dict[str, float]]:
    """Write a cohort under `output`; the same plan gives the same files.

    What models may see: ``dosage.parquet`` (int8, -1 is a missing call), ``burden.parquet`` (rare alleles of
    each gene, of the called genotypes), ``persons.tsv`` (age, sex, family, population), ``traits.tsv``, with
    `vcf` ``genotypes.vcf.gz``. The truth: ``truth.tsv`` (for each trait the genetic value, and all but
    chance), ``effects.tsv``, ``sites.tsv``, ``genes.bed``, ``relatives.tsv``, ``ceilings.json``, and for each
    additive trait its effects as a scoring file, ``TRAIT.score.txt``.

    Returns
    -------
    dict
        Trait -> the best that a model can reach, as in ``ceilings.json``.

    Raises
    ------
    InputError
        When the contigs have too few sites, or too few genes have rare alleles.
    """
    folder = Path(output)
    people = draw_people(plan)
    dosage = people.dosage
    sites = _sites(plan, people)
    genes = sorted({site.gene for site in sites})
    missing = stream(plan.seed, "no_call").random(dosage.shape) < plan.no_call
    called = np.where(missing, -1, dosage).astype(np.int8)
    covariates = _covariates(plan)
    burden = count_rare(dosage, sites, genes, below=plan.rare)
    contigs = [list(plan.contigs).index(site.contig) for site in sites]
    traits = {
        name: draw_trait(
            trait,
            seed=plan.seed,
            name=name,
            dosage=dosage,
            contigs=contigs,
            burden=burden,
            covariates=covariates,
            populations=people.populations,
        )
        for name, trait in plan.traits.items()
    }
    names = [_gene_name(gene) for gene in genes]
    write_features(folder / "dosage.parquet", people.ids, [site.name for site in sites], called)
    write_features(
        folder / "burden.parquet", people.ids, names, count_rare(called, sites, genes, below=plan.rare)
    )
    if plan.vcf:
        lengths = {name: contig.length for name, contig in plan.contigs.items()}
        write_genotypes(folder / "genotypes.vcf.gz", people.ids, sites, called, lengths)
    _write_people(folder, people, covariates, traits)
    _write_causes(folder, plan, sites, names, traits, dosage)
    best = {name: ceiling(trait, binary=plan.traits[name].prevalence > 0) for name, trait in traits.items()}
    write_json(folder / "ceilings.json", best)
    return best


def count_rare(
    dosage: Alleles, sites: Sequence[Site], genes: Sequence[int], *, below: float
) -> npt.NDArray[np.float32]:
    """Count rare alleles of each person in each gene, float32 [n, G]; a missing genotype counts as none."""
    there = dosage >= 0
    frequency = np.where(there, dosage, 0).sum(axis=0) / np.maximum(2 * there.sum(axis=0), 1)
    rarer = np.where(frequency > 0.5, 2 - dosage, dosage) * there
    rare = np.minimum(frequency, 1 - frequency) < below
    at = {gene: number for number, gene in enumerate(genes)}
    belongs = np.zeros((len(sites), len(genes)), np.float32)
    belongs[np.arange(len(sites)), [at[site.gene] for site in sites]] = 1
    return (rarer * rare).astype(np.float32) @ belongs


def _sites(plan: CohortPlan, people: People) -> list[Site]:
    sites, first = [], 0
    for name, stretch in people.stretches.items():
        alleles = draw_alleles(stream(plan.seed, "alleles", name), len(stretch.positions))
        for position, (ref, alt) in zip(stretch.positions.tolist(), alleles, strict=True):
            sites.append(Site(name, position, ref, alt, first + position // plan.gene_length))
        first += -(-plan.contigs[name].length // plan.gene_length)
    return sites


def _gene_name(gene: int) -> str:
    return f"G{gene + 1:05d}"


def _covariates(plan: CohortPlan) -> Values:
    rng = stream(plan.seed, "covariates")
    return np.stack([rng.integers(30, 80, plan.people), rng.integers(0, 2, plan.people)], axis=1).astype(
        float
    )


def _write_people(folder: Path, people: People, covariates: Values, traits: dict[str, Trait]) -> None:
    ids = people.ids
    persons = [
        (one, *map(int, values), family, f"pop{population + 1}")
        for one, values, family, population in zip(
            ids, covariates, people.families, people.populations, strict=True
        )
    ]
    write_tsv(folder / "persons.tsv", [("person", *COVARIATES, "family", "population"), *persons])
    values = np.stack([trait.values for trait in traits.values()], axis=1)
    rows = [(one, *(f"{value:.9g}" for value in row)) for one, row in zip(ids, values, strict=True)]
    write_tsv(folder / "traits.tsv", [("person", *traits), *rows])
    parts = {f"{name}.{part}": getattr(trait, part) for name, trait in traits.items() for part in _PARTS}
    truth = np.stack(list(parts.values()), axis=1)
    rows = [(one, *(f"{value:.9g}" for value in row)) for one, row in zip(ids, truth, strict=True)]
    write_tsv(folder / "truth.tsv", [("person", *parts), *rows])
    rows = [(ids[first], ids[second], relation) for first, second, relation in people.pairs]
    write_tsv(folder / "relatives.tsv", [("first", "second", "relation"), *rows])


def _write_causes(
    folder: Path,
    plan: CohortPlan,
    sites: Sequence[Site],
    genes: Sequence[str],
    traits: dict[str, Trait],
    dosage: Alleles,
) -> None:
    frequency, spread = dosage.mean(axis=0) / 2, dosage.std(axis=0)
    rows = [
        (one.contig, one.start, one.ref, one.alt, f"{p:.6g}", _gene_name(one.gene))
        for one, p in zip(sites, frequency, strict=True)
    ]
    write_tsv(folder / "sites.tsv", [("contig", "start", "ref", "alt", "frequency", "gene"), *rows])
    spans = {
        _gene_name(site.gene): (site.contig, site.start // plan.gene_length * plan.gene_length)
        for site in sites
    }
    _write_genes(folder / "genes.bed", spans, plan)
    effects = []
    for name, trait in traits.items():
        named = genes if plan.traits[name].kind == "burden" else [site.name for site in sites]
        effects += [
            (name, "*".join(named[one] for one in term.members), f"{term.weight:.9g}") for term in trait.terms
        ]
    write_tsv(folder / "effects.tsv", [("trait", "term", "effect"), *effects])
    for name, trait in traits.items():
        if plan.traits[name].kind == "additive" and trait.terms:
            _write_weights(folder / f"{name}.score.txt", name, trait, sites, spread)


def _write_genes(path: Path, spans: dict[str, tuple[str, int]], plan: CohortPlan) -> None:
    rows = [
        (contig, start, min(start + plan.gene_length, plan.contigs[contig].length), name)
        for name, (contig, start) in spans.items()
    ]
    write_tsv(path, rows)


def _write_weights(path: Path, name: str, trait: Trait, sites: Sequence[Site], spread: Values) -> None:
    """Write effects of single alleles in the format of the PGS Catalog."""
    rows = []
    for term in sorted(trait.terms, key=lambda one: one.members):
        site = sites[term.members[0]]
        weight = term.weight / spread[term.members[0]] if spread[term.members[0]] else 0.0
        rows.append((site.name, site.contig, site.start + 1, site.alt, site.ref, f"{weight:.12g}"))
    columns = ("rsID", "chr_name", "chr_position", "effect_allele", "other_allele", "effect_weight")
    head = (f"#pgs_name={name}", "#genome_build=generated", f"#variants_number={len(rows)}")
    write_tsv(path, [columns, *rows], comments=head)
