"""Haplotypes with linkage: each is a mosaic of those before it, and each site has mutated once.

Haplotype k copies earlier ones, and changes from one to another at a rate of 4 N r / k per bp (Li and
Stephens 2003, with exact copies). Every site has one mutation, on haplotype k with a weight of 1 / k; at a
site this is Polya's urn, in which an allele of k copies has the weight 1 / k of the neutral spectrum (Hoppe
1984). Populations that split after F shared haplotypes drift apart as in the model of Balding and Nichols
(1995): a frequency p is then Beta(p F, (1 - p) F), so that F_ST = 1 / (1 + F).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError

Alleles = npt.NDArray[np.int8]

_ATTEMPTS = 6


@dataclass(frozen=True)
class Stretch:
    """Haplotypes of one contig.

    Attributes
    ----------
    positions : int64 array, shape (S,)
        0-based places of the sites, ascending.
    alleles : int8 array, shape (H, S)
        1 where the haplotype carries the derived allele.
    """

    positions: npt.NDArray[np.int64]
    alleles: Alleles


def shared_haplotypes(differentiation: float) -> int:
    """Give how many haplotypes populations share before they split, for a Wright's F_ST."""
    return max(2, round(1 / differentiation - 1))


def draw_stretch(
    rng: np.random.Generator,
    *,
    populations: Sequence[int],
    shared: int,
    length: int,
    sites: int,
    rate: float,
    minimum_frequency: float,
) -> Stretch:
    """Draw haplotypes.

    Parameters
    ----------
    rng : Generator
        Where chance comes from.
    populations : sequence of int
        Population of each haplotype, from 0.
    shared : int
        Haplotypes before the populations split; they are not among those that are given.
    length : int
        Of the contig in bp.
    sites : int
        Polymorphic sites to keep, drawn out of those that are frequent enough.
    rate : float
        4 N r: changes from one copied haplotype to another, per bp.
    minimum_frequency : float
        Lowest frequency of the rarer allele among the haplotypes.

    Raises
    ------
    InputError
        When too few sites are frequent enough.
    """
    candidates = _candidates(sites, len(populations), minimum_frequency)
    found = 0
    for _ in range(_ATTEMPTS):
        candidates = min(candidates, length)
        drawn = _draw(rng, populations, shared=shared, length=length, candidates=candidates, rate=rate)
        frequency = drawn.alleles.mean(axis=0)
        good = np.flatnonzero(np.minimum(frequency, 1 - frequency) >= max(minimum_frequency, 1e-12))
        found = len(good)
        if found >= sites:
            kept = np.sort(rng.choice(good, sites, replace=False))
            return Stretch(drawn.positions[kept], np.ascontiguousarray(drawn.alleles[:, kept]))
        candidates *= 2
    raise InputError(
        f"{found} sites of a contig of {length:,} bp have a rarer allele of {minimum_frequency:g} or more, "
        f"{sites} wanted; lower minimum_frequency or sites, or lengthen the contig"
    )


class _Urn:
    """Haplotypes that can be copied."""

    def __init__(self, room: int, held: Sequence[int] = ()) -> None:
        self._numbers = np.zeros(room, np.int64)
        self._numbers[: len(held)] = held
        self.size = len(held)

    @property
    def held(self) -> npt.NDArray[np.int64]:
        """Their numbers."""
        return self._numbers[: self.size]

    def add(self, number: int) -> None:
        """Put one more in."""
        self._numbers[self.size] = number
        self.size += 1


def _candidates(sites: int, haplotypes: int, minimum_frequency: float) -> int:
    """Give how many neutral sites hold so many frequent ones, with some to spare."""
    lowest = max(minimum_frequency, 1 / haplotypes)
    share = np.log((1 - lowest) / lowest) / np.log(haplotypes)
    return int(1.5 * sites / share) + 20


def _draw(
    rng: np.random.Generator,
    populations: Sequence[int],
    *,
    shared: int,
    length: int,
    candidates: int,
    rate: float,
) -> Stretch:
    positions = np.sort(rng.choice(length, candidates, replace=False))
    several = max(populations) > 0
    prefix = shared if several else 0
    total = prefix + len(populations)
    before = _Urn(prefix)
    alleles = np.zeros((total, candidates), np.int8)
    sizes = np.array(_urn_sizes(populations, prefix))
    weights = np.where(sizes > 0, 1 / np.maximum(sizes, 1), 0)
    mutated = rng.choice(total, candidates, p=weights / weights.sum())
    order = np.argsort(mutated, kind="stable")
    edges = np.searchsorted(mutated[order], np.arange(total + 1))
    for number in range(total):
        if number == prefix:
            urns = [_Urn(total, before.held) for _ in range(max(populations) + 1)]
        urn = before if number < prefix else urns[populations[number - prefix]]
        if urn.size:
            sources, starts = _mosaic(rng, urn.held, length=length, rate=rate)
            firsts = np.searchsorted(positions, starts)
            lasts = np.append(firsts[1:], candidates)
            rows = np.repeat(sources, lasts - firsts)
            alleles[number] = alleles[rows, np.arange(candidates)]
            alleles[number, order[edges[number] : edges[number + 1]]] = 1
        urn.add(number)
    return Stretch(positions, alleles[prefix:])


def _urn_sizes(populations: Sequence[int], prefix: int) -> list[int]:
    """Give how many haplotypes each one can copy."""
    counts = [prefix] * (max(populations) + 1)
    sizes = list(range(prefix))
    for population in populations:
        sizes.append(counts[population])
        counts[population] += 1
    return sizes


def _mosaic(
    rng: np.random.Generator, urn: npt.NDArray[np.int64], *, length: int, rate: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give which haplotypes are copied, and where each begins."""
    changes = rng.poisson(rate * length / len(urn))
    starts = np.concatenate([[0], np.sort(rng.integers(1, length, changes))])
    return urn[rng.integers(0, len(urn), changes + 1)], starts
