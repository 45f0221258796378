"""Windows of alleles that may stand for one another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seqmill.genome.normalise import is_sequence
from seqmill.genome.primitives import Edit, edit, primitives, to_allele
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant

_STRIDE = 64


@dataclass(frozen=True, slots=True)
class Carried:
    """A primitive allele that a genotype carries.

    Attributes
    ----------
    allele : Allele
        Normalised: its name, whoever wrote it.
    edit : Edit
        The change where the record wrote it; beside other changes on one haplotype the shift to the left
        that normalising makes would not be neutral.
    copies : int
        Chromosomes that carry it, 1 or 2.
    quality : float or None
        QUAL of the record.
    """

    allele: Allele
    edit: Edit
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
    """Give the primitive alleles that genotypes carry, sorted; copies of equal edits are added, up to two.

    Symbolic and spanning alleles (``<...>``, ``*``, breakends) are left out.
    """
    found: dict[tuple[str, Edit], Carried] = {}
    for variant in variants:
        for number, alt in enumerate(variant.alts, 1):
            copies = variant.copies(number)
            if copies and is_sequence(alt) and alt != variant.ref:
                whole = Allele(variant.contig, variant.start, variant.ref, alt)
                for change in primitives(whole):
                    allele = to_allele(variant.contig, change, reference)
                    item = Carried(allele, change, copies, variant.quality)
                    key = (variant.contig, change)
                    found[key] = _sum(found[key], item) if key in found else item
    return sorted(found.values(), key=lambda item: (item.allele, item.edit))


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


def _sum(first: Carried, second: Carried) -> Carried:
    qualities = [quality for quality in (first.quality, second.quality) if quality is not None]
    copies = min(2, first.copies + second.copies)
    return Carried(first.allele, first.edit, copies, max(qualities, default=None))


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
