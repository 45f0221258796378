"""Traits of known heritability, and the best that any model can reach on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.simulate.cohort.haplotypes import Alleles
from seqmill.simulate.cohort.plan import TraitPlan
from seqmill.simulate.streams import stream

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """One cause: the sites or the gene it is about, and what its standardised value weighs."""

    members: tuple[int, ...]
    weight: float


@dataclass(frozen=True)
class Trait:
    """A trait of n people.

    Attributes
    ----------
    values : float64 array, shape (n,)
        The quantity, of variance 1; or 1 for those who are ill and 0 for the others.
    genetic : float64 array, shape (n,)
        The genetic value, of mean 0 and a variance of the heritability.
    known : float64 array, shape (n,)
        Genetic value, covariates and population together: all but chance.
    terms : tuple of Term
        What the genetic value is made of.
    """

    values: Values
    genetic: Values
    known: Values
    terms: tuple[Term, ...]


def draw_trait(
    plan: TraitPlan,
    *,
    seed: int,
    name: str,
    dosage: Alleles,
    contigs: Sequence[int],
    burden: npt.NDArray[np.float32],
    covariates: Values,
    populations: Sequence[int],
) -> Trait:
    """Draw a trait.

    Effects are normal, those of standardised values: rare alleles weigh more. The parts are scaled to their
    shares of the variance in the cohort at hand.

    Parameters
    ----------
    plan : TraitPlan
    seed : int
    name : str
        Name of the trait.
    dosage : int8 array, shape (n, S)
        Without missing ones.
    contigs : sequence of int
        Number of the contig of each site; sites of a group lie on different contigs where there are enough.
    burden : float32 array, shape (n, G)
        Rare alleles of each gene.
    covariates : float64 array, shape (n, C)
    populations : sequence of int
        Of each person.

    Raises
    ------
    InputError
        When too few genes have rare alleles.
    """
    rng = stream(seed, "trait", name)
    genetic, terms = np.zeros(len(dosage)), ()
    if plan.heritability:
        members = _members(plan, rng, name=name, contigs=np.asarray(contigs), burden=burden)
        parts = np.stack([_value(plan, one, dosage, burden) for one in members], axis=1)
        effects = rng.normal(size=len(members))
        total = parts @ effects
        scale = np.sqrt(plan.heritability) / total.std()
        genetic = (total - total.mean()) * scale
        terms = tuple(Term(one, float(e * scale)) for one, e in zip(members, effects, strict=True))
    known = genetic + _share(standardised(covariates) @ rng.normal(size=covariates.shape[1]), plan.covariates)
    means = rng.normal(size=max(populations) + 1)
    known = known + _share(means[list(populations)], plan.populations)
    rest = 1 - plan.heritability - plan.covariates - plan.populations
    values = known + _share(rng.normal(size=len(dosage)), rest)
    if plan.prevalence:
        values = (values > np.quantile(values, 1 - plan.prevalence)).astype(np.float64)
    return Trait(values=values, genetic=genetic, known=known, terms=terms)


def standardised(values: npt.NDArray[np.generic]) -> Values:
    """Give columns of mean 0 and variance 1; a constant one is 0."""
    numbers = values.astype(np.float64)
    spread = numbers.std(axis=0)
    return (numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1)


def ceiling(trait: Trait, *, binary: bool) -> dict[str, float]:
    """Give what a perfect model of the genetic value reaches in this cohort, and one of all but chance.

    ``r2`` is the squared correlation with the values, ``auc`` the area under the ROC curve, for an illness.
    """
    told = {}
    for name, best in (("genetic", trait.genetic), ("known", trait.known)):
        if best.std() == 0:
            told |= {f"{name}_auc": 0.5} if binary else {f"{name}_r2": 0.0}
        elif binary:
            told[f"{name}_auc"] = area(best, trait.values)
        else:
            told[f"{name}_r2"] = float(np.corrcoef(best, trait.values)[0, 1] ** 2)
    return told


def area(scores: Values, ill: Values) -> float:
    """Give the area under the ROC curve, as the statistic of Mann and Whitney."""
    from scipy.stats import rankdata

    cases = ill > 0
    n, m = int(cases.sum()), int((~cases).sum())
    return float((rankdata(scores)[cases].sum() - n * (n + 1) / 2) / (n * m))


def _share(values: Values, share: float) -> Values:
    spread = values.std()
    return np.zeros_like(values) if spread == 0 else (values - values.mean()) * (np.sqrt(share) / spread)


def _members(
    plan: TraitPlan,
    rng: np.random.Generator,
    *,
    name: str,
    contigs: npt.NDArray[np.int64],
    burden: npt.NDArray[np.float32],
) -> list[tuple[int, ...]]:
    if plan.kind == "burden":
        varying = np.flatnonzero(burden.std(axis=0) > 0)
        if len(varying) < plan.causal:
            raise InputError(
                f"traits.{name}: {plan.causal} genes with rare alleles wanted, but {len(varying)} have any; "
                "raise rare or sites, or lower minimum_frequency or causal"
            )
        return [(int(one),) for one in rng.choice(varying, plan.causal, replace=False)]
    if plan.kind == "additive":
        return [(int(one),) for one in rng.choice(len(contigs), plan.causal, replace=False)]
    return _groups(plan, rng, contigs)


def _groups(
    plan: TraitPlan, rng: np.random.Generator, contigs: npt.NDArray[np.int64]
) -> list[tuple[int, ...]]:
    """Draw groups of sites; each takes of the contigs that have most sites left, one of each at first."""
    left = {one: rng.permutation(np.flatnonzero(contigs == one)).tolist() for one in np.unique(contigs)}
    groups = []
    for _ in range(plan.causal):
        group: list[int] = []
        while len(group) < plan.order:
            fullest = sorted(left, key=lambda one: -len(left[one]))[: plan.order - len(group)]
            group += [left[one].pop() for one in fullest if left[one]]
        groups.append(tuple(group))
    return groups


def _value(
    plan: TraitPlan, members: tuple[int, ...], dosage: Alleles, burden: npt.NDArray[np.float32]
) -> Values:
    table = burden if plan.kind == "burden" else dosage
    return standardised(table[:, list(members)]).prod(axis=1)
