"""Labels by haplotype replay: copies of each candidate with which candidates spell the truth."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from seqmill.genome.haplotypes import Choice, agree
from seqmill.genome.primitives import edit
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.genome.windows import Carried, Window, carried, windows

_WEIGHT = 1000


class Labelled(NamedTuple):
    """A primitive truth allele, its copies, and what the candidates make of it.

    `outcome` is ``reached``, or why it is not: ``no_candidate`` (none touches it), ``not_reproduced`` or
    ``search_bounded``.
    """

    allele: Allele
    copies: int
    outcome: str


class Assignment(NamedTuple):
    """What a truth says about candidates.

    Attributes
    ----------
    copies : list of (int or None)
        For each candidate how many chromosomes carry it (0, 1 or 2); None where the search for it had
        to be cut short.
    truth : list of Labelled
        The truth alleles, sorted.
    """

    copies: list[int | None]
    truth: list[Labelled]


def assign_copies(
    candidates: Sequence[Allele], truth: Sequence[Variant], reference: Reference, *, gap: int = 50
) -> Assignment:
    """Label candidate alleles by how many copies of each reproduce the truth haplotypes.

    Truth alleles are taken apart into primitives. Where each of them is among the candidates, the
    genotypes are the answer. Elsewhere the candidates of a window are tried together, and those
    copies are chosen with which they spell the haplotypes of as many truth alleles as possible.

    Parameters
    ----------
    candidates : sequence of Allele
        Normalised SNPs, insertions and deletions, in any order, without repeats.
    truth : sequence of Variant
        With genotypes; phase is not used.
    reference : Reference
        The reference of both.
    gap : int
        Truth alleles closer than this are explained together.
    """
    return assign_carried(candidates, carried(truth, reference), reference, gap=gap)


def assign_carried(
    candidates: Sequence[Allele], held: Sequence[Carried], reference: Reference, *, gap: int = 50
) -> Assignment:
    """Label candidate alleles as `assign_copies` does, from truth that is taken apart already.

    Parameters
    ----------
    candidates : sequence of Allele
        As for `assign_copies`.
    held : sequence of Carried
        The truth as `carried` gives it, sorted.
    reference : Reference
        The reference of both.
    gap : int
        Truth alleles closer than this are explained together.
    """
    written = _copies(held)
    copies: list[int | None] = [written.get(allele, 0) for allele in candidates]
    tellable = set(candidates)
    if tellable.issuperset(written):
        return Assignment(copies, [_labelled(item) for item in held])
    near = _Near(candidates)
    truths: list[Labelled] = []
    for window in windows([item.allele for item in held], [], reference, gap=gap):
        items = [held[index] for index in window.left]
        if all(item.allele in tellable for item in items):
            truths += map(_labelled, items)
        else:
            within = near.within(window, gap // 2)
            tried = [candidates[index] for index in within]
            found, truth_found = _explain(items, tried, window.contig, reference)
            truths += truth_found
            for index, number in zip(within, found, strict=True):
                copies[index] = number
    return Assignment(copies, truths)


def _explain(
    items: list[Carried], tried: list[Allele], contig: str, reference: Reference
) -> tuple[list[int | None], list[Labelled]]:
    """Label the candidates and the truth alleles of one window in which some truth is no candidate."""
    wanted = _copies(items)
    exact = [wanted.get(allele, 0) for allele in tried]
    absent = wanted.keys() - set(tried)
    if all(allele.is_snp for allele in (*absent, *tried)):
        return list(exact), [_labelled(item, item.allele not in absent, tried) for item in items]
    choices = [Choice(item.edit, True, (item.copies,), _WEIGHT) for item in items]
    choices += [Choice(edit(allele), False, (1, 2), 1 if allele in wanted else -1) for allele in tried]
    found = agree(choices, contig, reference)
    if not found.complete:
        unsure = [number or None for number in exact]
        return unsure, [_labelled(item, item.allele not in absent, tried, complete=False) for item in items]
    taken, used = found.copies[: len(items)], found.copies[len(items) :]
    spare = {allele for allele, number in zip(tried, used, strict=True) if not number}
    left_over = {
        item.allele for item, number in zip(items, taken, strict=True) if not number and item.allele in spare
    }
    copies = [
        wanted[allele] if allele in left_over else number for allele, number in zip(tried, used, strict=True)
    ]
    return copies, [
        _labelled(item, bool(number) or item.allele in left_over, tried)
        for item, number in zip(items, taken, strict=True)
    ]


def _copies(items: Iterable[Carried]) -> dict[Allele, int]:
    copies: dict[Allele, int] = {}
    for item in items:
        copies[item.allele] = min(2, copies.get(item.allele, 0) + item.copies)
    return copies


def _labelled(
    item: Carried, reached: bool = True, tried: Sequence[Allele] = (), *, complete: bool = True
) -> Labelled:
    if reached:
        outcome = "reached"
    elif not complete:
        outcome = "search_bounded"
    else:
        touched = any(a.start < item.allele.end and item.allele.start < a.end for a in tried)
        outcome = "not_reproduced" if touched else "no_candidate"
    return Labelled(item.allele, item.copies, outcome)


class _Near:
    """Finds candidates by place."""

    def __init__(self, candidates: Sequence[Allele]) -> None:
        self._order = sorted(range(len(candidates)), key=lambda index: candidates[index])
        self._keys = [candidates[index][:2] for index in self._order]

    def within(self, window: Window, margin: int) -> list[int]:
        low = bisect_left(self._keys, (window.contig, window.start - margin))
        high = bisect_left(self._keys, (window.contig, window.end + margin))
        return self._order[low:high]
