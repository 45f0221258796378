"""Taking alleles apart into single substitutions, insertions and deletions."""

from collections.abc import Iterator
from typing import NamedTuple

from seqmill.genome.normalise import normalise
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele

_MISMATCH, _OPEN, _EXTEND = 3, 5, 1
_MAX_CELLS = 40_000
_FAR = 1 << 30


class Edit(NamedTuple):
    """A change of the reference: the bases of ``[start, end)`` (0-based) become `bases`; no shared ends."""

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


def primitives(allele: Allele) -> list[Edit]:
    """Take an allele apart into SNPs and pure insertions and deletions, where it is written.

    Replaced blocks of equal length become one SNP for each base that differs; other blocks are
    aligned with affine gap costs, and gaps are shifted left as far as the allele's own bases go (but
    never before its anchor base), so that alleles beside it stay apart. Together the parts spell the same
    haplotype as the allele. Blocks too long to align come back whole.

    Parameters
    ----------
    allele : Allele
        Need not be normalised.
    """
    whole = edit(allele)
    start, end, bases = whole
    replaced = allele.ref[start - allele.start : end - allele.start]
    if len(replaced) == len(bases):
        return [Edit(start + i, start + i + 1, base) for i, base in enumerate(bases) if base != replaced[i]]
    if not replaced or not bases or len(replaced) * len(bases) > _MAX_CELLS:
        parts = [whole]
    else:
        parts = [Edit(start + low, start + high, new) for low, high, new in _align(replaced, bases)]
    return list(_shifted(parts, allele))


def _shifted(parts: list[Edit], allele: Allele) -> Iterator[Edit]:
    floor = allele.start + (allele.ref[0] == allele.alt[0])
    for start, end, bases in parts:
        if start == end or not bases:
            moved = bases or allele.ref[start - allele.start : end - allele.start]
            while start > floor and allele.ref[start - allele.start - 1] == moved[-1]:
                moved = moved[-1] + moved[:-1]
                start, end = start - 1, end - 1
            bases = bases and moved
        yield Edit(start, end, bases)
        floor = end


def to_allele(contig: str, change: Edit, reference: Reference) -> Allele:
    """Give an edit as a normalised allele."""
    ref = reference.fetch(contig, change.start, change.end)
    return normalise(contig, change.start, ref, change.bases, reference)


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
