"""Windows of alleles that may stand for one another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seqmill.genome.normalise import split_alleles
from seqmill.genome.primitives import edit, primitives
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant

_STRIDE = 64


@dataclass(frozen=True, slots=True)
class Carried:
    """A primitive allele, the copies a genotype carries of it, and the quality of its record."""

    allele: Allele
    copies: int
    quality: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Alleles of two sets on ``[start, end)`` of a contig; no other allele is near."""

    contig: str
    start: int
    end: int
    left: tuple[int, ...]
    right: tuple[int, ...]


def carried(variants: Iterable[Variant], reference: Reference) -> list[Carried]:
    """Give the primitive alleles that genotypes carry, sorted; copies of equal ones are added, up to two."""
    found: dict[Allele, Carried] = {}
    for variant in variants:
        for whole, copies in split_alleles([variant], reference):
            for allele in primitives(whole, reference) if copies else ():
                other = found.get(allele)
                qualities = [q for q in (variant.quality, other and other.quality) if q is not None]
                total = min(2, copies + (other.copies if other else 0))
                found[allele] = Carried(allele, total, max(qualities, default=None))
    return [found[allele] for allele in sorted(found)]


def windows(
    left: Sequence[Allele], right: Sequence[Allele], reference: Reference, *, gap: int = 50
) -> Iterator[Window]:
    """Cut two sorted sets of alleles where no allele of either is closer than `gap` to the next.

    An insertion or deletion reaches as far as it could be shifted to the right without changing the
    haplotype.

    Parameters
    ----------
    left, right : sequence of Allele
        Normalised; windows name them by their place in these sequences.
    reference : Reference
        The reference of their coordinates.
    gap : int
        Bases without any allele that end a window.
    """
    merged = sorted(
        [(allele.contig, allele.start, 0, index) for index, allele in enumerate(left)]
        + [(allele.contig, allele.start, 1, index) for index, allele in enumerate(right)]
    )
    members: tuple[list[int], list[int]] = ([], [])
    contig, first, last = "", 0, 0
    for name, start, side, index in merged:
        if (members[0] or members[1]) and (name != contig or start >= last + gap):
            yield Window(contig, first, last, tuple(members[0]), tuple(members[1]))
            members = ([], [])
        if not members[0] and not members[1]:
            contig, first, last = name, start, start
        members[side].append(index)
        last = max(last, reach((left, right)[side][index], reference))
    if members[0] or members[1]:
        yield Window(contig, first, last, tuple(members[0]), tuple(members[1]))


def reach(allele: Allele, reference: Reference) -> int:
    """Give the end of the bases an allele may touch when it is shifted right as far as it goes."""
    start, end, bases = edit(allele)
    if start < end and bases:
        return allele.end
    moved = bases or reference.fetch(allele.contig, start, end)
    length = reference.contigs[allele.contig]
    shift = 0
    while end + shift < length:
        after = reference.fetch(allele.contig, end + shift, min(length, end + shift + _STRIDE))
        for base in after:
            if base != moved[shift % len(moved)]:
                return max(allele.end, end + shift)
            shift += 1
    return length
