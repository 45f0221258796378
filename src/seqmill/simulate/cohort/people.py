"""People out of haplotypes: pairs of unrelated ones, and relatives by what parents hand down."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.simulate.cohort.haplotypes import Alleles, Stretch, draw_stretch, shared_haplotypes
from seqmill.simulate.cohort.plan import CohortPlan
from seqmill.simulate.streams import stream

PARENT_CHILD, SIBLINGS = "parent_child", "siblings"


@dataclass(frozen=True)
class People:
    """The people of a cohort.

    Attributes
    ----------
    ids : tuple of str
        Names of the n people, drawn, so that they tell nothing.
    populations : tuple of int
        Population of each, from 0.
    families : tuple of str
        Family of each; relatives share it.
    pairs : tuple
        (row, row, relation) of relatives.
    stretches : dict
        Contig -> `Stretch`, whose haplotypes 2 i and 2 i + 1 are those of person i.
    """

    ids: tuple[str, ...]
    populations: tuple[int, ...]
    families: tuple[str, ...]
    pairs: tuple[tuple[int, int, str], ...]
    stretches: Mapping[str, Stretch]

    @property
    def dosage(self) -> Alleles:
        """Derived alleles of each person at each site of all contigs, int8 [n, S]."""
        return np.concatenate([_dosage(one.alleles) for one in self.stretches.values()], axis=1)


def draw_people(plan: CohortPlan) -> People:
    """Draw the people of a plan.

    Raises
    ------
    InputError
        When a contig has too few sites that vary enough.
    """
    single = plan.people - 2 * (plan.relatives.parent_child + plan.relatives.siblings)
    relations = [PARENT_CHILD] * plan.relatives.parent_child + [SIBLINGS] * plan.relatives.siblings
    families = [*range(single), *(single + pair for pair in range(len(relations)) for _ in range(2))]
    # Of relatives, and of the mother and father that they are made of, as they are of one family.
    populations = [family % plan.populations for family in families]
    order = stream(plan.seed, "order").permutation(plan.people)
    place = np.argsort(order)
    stretches = {name: _stretch(plan, name, populations, single, relations) for name in plan.contigs}
    haplotypes = np.stack([2 * order, 2 * order + 1], axis=1).ravel()
    pairs = [
        (int(place[single + 2 * i]), int(place[single + 2 * i + 1]), relations[i])
        for i in range(len(relations))
    ]
    return People(
        ids=_names(plan),
        populations=tuple(populations[at] for at in order),
        families=tuple(f"F{families[at] + 1:06d}" for at in order),
        pairs=tuple(pairs),
        stretches={name: Stretch(one.positions, one.alleles[haplotypes]) for name, one in stretches.items()},
    )


def _names(plan: CohortPlan) -> tuple[str, ...]:
    rng = stream(plan.seed, "names")
    codes: dict[int, None] = {}
    while len(codes) < plan.people:
        codes.setdefault(int(rng.integers(0, 1 << 32)))
    return tuple(f"P{code:08x}" for code in codes)


def _stretch(
    plan: CohortPlan, name: str, populations: list[int], single: int, relations: list[str]
) -> Stretch:
    contig = plan.contigs[name]
    found = draw_stretch(
        stream(plan.seed, "haplotypes", name),
        populations=[home for home in populations for _ in range(2)],
        shared=shared_haplotypes(plan.differentiation),
        length=contig.length,
        sites=contig.sites,
        rate=4 * plan.size * plan.recombination,
        minimum_frequency=plan.minimum_frequency,
    )
    rng = stream(plan.seed, "meioses", name)
    rows = [found.alleles[: 2 * single]]
    for number, relation in enumerate(relations):
        first = 2 * (single + 2 * number)
        mother, father = found.alleles[first : first + 2], found.alleles[first + 2 : first + 4]

        def child(parents: tuple[Alleles, Alleles] = (mother, father)) -> Alleles:
            handed = [
                _gamete(rng, one, found.positions, plan.recombination, contig.length) for one in parents
            ]
            return np.stack(handed)

        rows += [mother if relation == PARENT_CHILD else child(), child()]
    return Stretch(found.positions, np.concatenate(rows))


def _gamete(
    rng: np.random.Generator,
    parent: Alleles,
    positions: npt.NDArray[np.int64],
    recombination: float,
    length: int,
) -> npt.NDArray[np.int8]:
    """Give what a parent hands down: crossovers fall independently of each other (Haldane 1919)."""
    crossovers = np.sort(rng.integers(1, length, rng.poisson(recombination * length)))
    side = (np.searchsorted(crossovers, positions, side="right") + rng.integers(0, 2)) % 2
    return parent[side, np.arange(len(positions))]


def _dosage(alleles: Alleles) -> Alleles:
    return alleles[0::2] + alleles[1::2]
