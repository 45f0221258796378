"""Taking alleles apart into single substitutions, insertions and deletions."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from seqmill.genome.normalise import normalise
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele

_MISMATCH, _OPEN, _EXTEND = 3, 5, 1
_MAX_CELLS = 40_000
_FAR = 1 << 30


class Edit(NamedTuple):
    """What an allele does to the reference: the bases of ``[start, end)`` become `bases`; no shared ends."""

    start: int
    end: int
    bases: str


def edit(allele: Allele) -> Edit:
    """Cut the bases an allele shares with the reference, left before right."""
    ref, alt = allele.ref, allele.alt
    shortest = min(len(ref), len(alt))
    left = 0
    while left < shortest and ref[left] == alt[left]:
        left += 1
    right = 0
    while right < shortest - left and ref[-1 - right] == alt[-1 - right]:
        right += 1
    return Edit(allele.start + left, allele.end - right, alt[left : len(alt) - right])


def primitives(allele: Allele, reference: Reference) -> tuple[Allele, ...]:
    """Take a normalised allele apart into SNPs and pure insertions and deletions.

    Replaced blocks of equal length become one SNP for each base that differs; other blocks are
    aligned with affine gap costs. Together the parts spell the same haplotype as the allele; each is
    normalised where that keeps the haplotype. Blocks too long to align come back whole.

    Parameters
    ----------
    allele : Allele
        Normalised.
    reference : Reference
        The reference of its coordinates.
    """
    start, end, bases = edit(allele)
    replaced = reference.fetch(allele.contig, start, end)
    if not replaced or not bases or allele.is_snp or len(replaced) * len(bases) > _MAX_CELLS:
        return (allele,)
    if len(replaced) == len(bases):
        steps = [(i, i + 1, base) for i, base in enumerate(bases) if base != replaced[i]]
    else:
        steps = list(_align(replaced, bases))
    parts = [(start + low, replaced[low:high], new) for low, high, new in steps]
    shifted = tuple(normalise(allele.contig, at, ref, alt, reference) for at, ref, alt in parts)
    if _same(shifted, allele, reference):
        return shifted
    return tuple(_unshifted(allele.contig, at, ref, alt, reference) for at, ref, alt in parts)


def spell(
    alleles: Iterable[Allele], reference: Reference, *, contig: str, start: int, end: int
) -> str | None:
    """Write the haplotype of ``[start, end)`` that carries the alleles, or give None where two overlap.

    The interval has to enclose each allele.
    """
    pieces = []
    position = start
    for low, high, bases in sorted(map(edit, alleles)):
        if low < position:
            return None
        pieces += [reference.fetch(contig, position, low), bases]
        position = high
    return "".join([*pieces, reference.fetch(contig, position, end)])


def _same(parts: tuple[Allele, ...], whole: Allele, reference: Reference) -> bool:
    start = min(part.start for part in (*parts, whole))
    end = max(part.end for part in (*parts, whole))
    place = {"contig": whole.contig, "start": start, "end": end}
    return spell(parts, reference, **place) == spell([whole], reference, **place)


def _unshifted(contig: str, start: int, ref: str, alt: str, reference: Reference) -> Allele:
    if ref and alt:
        return Allele(contig, start, ref, alt)
    if start > 0:
        base = reference.fetch(contig, start - 1, start)
        return Allele(contig, start - 1, base + ref, base + alt)
    base = reference.fetch(contig, len(ref), len(ref) + 1)
    return Allele(contig, 0, ref + base, alt + base)


def _align(ref: str, alt: str) -> Iterator[tuple[int, int, str]]:
    """Align two strings end to end (Gotoh 1982) and give the differences as (ref start, ref end, bases)."""
    rows, columns = len(ref) + 1, len(alt) + 1
    match = [[_FAR] * columns for _ in range(rows)]
    delete = [[_FAR] * columns for _ in range(rows)]
    insert = [[_FAR] * columns for _ in range(rows)]
    match[0][0] = 0
    for i in range(rows):
        for j in range(columns):
            if i and j:
                before = min(match[i - 1][j - 1], delete[i - 1][j - 1], insert[i - 1][j - 1])
                match[i][j] = before + (0 if ref[i - 1] == alt[j - 1] else _MISMATCH)
            if i:
                opened = min(match[i - 1][j], insert[i - 1][j]) + _OPEN
                delete[i][j] = min(opened, delete[i - 1][j] + _EXTEND)
            if j:
                opened = min(match[i][j - 1], delete[i][j - 1]) + _OPEN
                insert[i][j] = min(opened, insert[i][j - 1] + _EXTEND)
    yield from _traced(ref, alt, match, delete, insert)


def _traced(
    ref: str, alt: str, match: list[list[int]], delete: list[list[int]], insert: list[list[int]]
) -> list[tuple[int, int, str]]:
    i, j = len(ref), len(alt)
    steps: list[tuple[int, int, str]] = []
    table = min((match, delete, insert), key=lambda costs: costs[i][j])
    while i or j:
        cost = table[i][j]
        if table is match:
            i, j = i - 1, j - 1
            if ref[i] != alt[j]:
                steps.append((i, i + 1, alt[j]))
            table = min((match, delete, insert), key=lambda costs: costs[i][j])
        elif table is delete:
            high = i
            while cost == delete[i - 1][j] + _EXTEND:
                i, cost = i - 1, delete[i - 1][j]
            i -= 1
            steps.append((i, high, ""))
            table = match if match[i][j] <= insert[i][j] else insert
        else:
            high = j
            while cost == insert[i][j - 1] + _EXTEND:
                j, cost = j - 1, insert[i][j - 1]
            j -= 1
            steps.append((i, i, alt[j:high]))
            table = match if match[i][j] <= delete[i][j] else delete
    return steps[::-1]
