"""The plan of a cohort: read from YAML, checked as a whole before anything is written."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from seqmill.errors import ConfigErrors
from seqmill.files import read_plan
from seqmill.typed import build


@dataclass(frozen=True, kw_only=True)
class StretchPlan:
    """One contig.

    Attributes
    ----------
    length : int
        In bp.
    sites : int
        Polymorphic sites that are kept of it.
    """

    length: int = field(metadata={"at_least": 1_000})
    sites: int = field(metadata={"at_least": 1})


@dataclass(frozen=True, kw_only=True)
class RelativesPlan:
    """Pairs of relatives among the people; parents that nobody asked for are not part of the cohort.

    Attributes
    ----------
    parent_child : int
        Pairs of a parent and its child.
    siblings : int
        Pairs of full siblings.
    """

    parent_child: int = field(default=0, metadata={"at_least": 0})
    siblings: int = field(default=0, metadata={"at_least": 0})


@dataclass(frozen=True, kw_only=True)
class TraitPlan:
    """A trait: genetic value + covariates + population + chance, of variance 1 in all.

    Attributes
    ----------
    kind : str
        ``additive``: the sum over sites; ``epistatic``: the sum over products of the standardised dosages of
        `order` sites; ``burden``: the sum over genes of their number of rare alleles.
    causal : int
        Number of sites, of groups of sites, or of genes.
    heritability : float
        Share of the variance that the genetic value explains; 0 is a trait without any genetics.
    order : int
        Sites of a group of an epistatic trait.
    covariates, populations : float
        Shares of the variance that age and sex, and the means of the populations explain.
    prevalence : float
        Share of the people who are ill, by a threshold on the trait; 0 leaves it a quantity.
    """

    kind: Literal["additive", "epistatic", "burden"] = "additive"
    causal: int = field(default=100, metadata={"at_least": 1})
    heritability: float = field(metadata={"at_least": 0, "at_most": 1})
    order: int = field(default=2, metadata={"at_least": 2, "at_most": 3})
    covariates: float = field(default=0.0, metadata={"at_least": 0, "at_most": 1})
    populations: float = field(default=0.0, metadata={"at_least": 0, "at_most": 1})
    prevalence: float = field(default=0.0, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        total = self.heritability + self.covariates + self.populations
        if total > 1:
            raise ValueError(
                f"heritability, covariates, populations: found {total:g} in all, want 1 at most, the variance"
            )


@dataclass(frozen=True, kw_only=True)
class CohortPlan:
    """A whole cohort; the files it makes are a pure function of it.

    Attributes
    ----------
    seed : int
        Key of every random stream.
    people : int
        Number of people, relatives among them.
    contigs : dict
        Name -> `StretchPlan`.
    traits : dict
        Name -> `TraitPlan`.
    populations : int
        Populations of equal size, which have split from one.
    differentiation : float
        Wright's F_ST between them.
    size : int
        Effective size of the population: with `recombination` it says how far linkage reaches.
    recombination : float
        Crossovers per bp and generation.
    minimum_frequency : float
        Sites whose rarer allele is rarer than this in the cohort are not kept; 0 keeps all that vary.
    no_call : float
        Share of genotypes that are missing.
    gene_length : int
        Contigs are cut into genes of this length in bp.
    rare : float
        An allele of a lower frequency counts for the burden of its gene.
    relatives : RelativesPlan
        Pairs of relatives.
    vcf : bool
        Whether the genotypes are written as VCF too.
    """

    seed: int
    people: int = field(metadata={"at_least": 10})
    contigs: dict[str, StretchPlan]
    traits: dict[str, TraitPlan]
    populations: int = field(default=1, metadata={"at_least": 1})
    differentiation: float = field(default=0.05, metadata={"above": 0, "at_most": 0.5})
    size: int = field(default=10_000, metadata={"at_least": 1})
    recombination: float = field(default=1e-8, metadata={"at_least": 0})
    minimum_frequency: float = field(default=0.01, metadata={"at_least": 0, "below": 0.5})
    no_call: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    gene_length: int = field(default=50_000, metadata={"at_least": 1})
    rare: float = field(default=0.01, metadata={"above": 0, "at_most": 0.5})
    relatives: RelativesPlan = field(default_factory=RelativesPlan)
    vcf: bool = False

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(problem)

    def _problems(self) -> Iterator[str]:
        if not self.contigs:
            yield "contigs: found none, want at least one"
        related = 2 * (self.relatives.parent_child + self.relatives.siblings)
        if related > self.people:
            yield f"relatives: {related} people in pairs found, want no more than people, {self.people}"
        for name, contig in self.contigs.items():
            if contig.sites > contig.length // 10:
                yield f"contigs.{name}: {contig.sites} sites found, want at most one in 10 bp"
        for name, trait in self.traits.items():
            if trait.populations and self.populations == 1:
                yield f"traits.{name}.populations: {trait.populations} found, want 0: there is one population"
            needed = trait.causal * (trait.order if trait.kind == "epistatic" else 1)
            if trait.kind != "burden" and needed > self.sites:
                yield f"traits.{name}.causal: {needed} sites needed, but the contigs have {self.sites}"

    @property
    def sites(self) -> int:
        """Sites of all contigs."""
        return sum(contig.sites for contig in self.contigs.values())


def is_cohort(content: Any) -> bool:
    """Tell the plan of a cohort from that of reads."""
    return isinstance(content, Mapping) and "people" in content


def load_cohort_plan(path: str | os.PathLike[str]) -> CohortPlan:
    """Read and check a plan.

    Raises
    ------
    InputError
        When there is no such file, or it is no YAML.
    ConfigErrors
        With every mistake at once.
    """
    source = Path(path)
    problems: list[str] = []
    plan = build(CohortPlan, read_plan(source), path="", problems=problems)
    if problems:
        raise ConfigErrors(str(source), problems)
    return plan
