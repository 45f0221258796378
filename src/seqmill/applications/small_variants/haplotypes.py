"""Which alleles can lie on one haplotype together, and which copies two haplotypes can carry."""

from collections.abc import Sequence

import numpy as np


def conflicts(alleles: Sequence[tuple[int, str, str]]) -> np.ndarray:
    """Tell which pairs of alleles exclude each other on one haplotype.

    Two substitutions exclude each other at one base, two indels at one anchor, and a deletion excludes
    whatever changes or enters the bases it removes. The anchor base of an indel is not changed by it.

    Parameters
    ----------
    alleles : sequence of (int, str, str)
        0-based start, REF and ALT; normalised, so that an indel's first base is its anchor.

    Returns
    -------
    np.ndarray
        bool [n, n], symmetric, False on the diagonal.
    """
    n = len(alleles)
    result = np.zeros((n, n), dtype=bool)
    for one in range(n):
        for other in range(one + 1, n):
            result[one, other] = result[other, one] = _exclude(alleles[one], alleles[other])
    return result


def components(conflict: np.ndarray) -> list[list[int]]:
    """Split alleles into groups such that no allele excludes one of another group; each group in order."""
    groups: list[list[int]] = []
    seen: set[int] = set()
    for root in range(len(conflict)):
        if root in seen:
            continue
        group, stack = [], [root]
        seen.add(root)
        while stack:
            here = stack.pop()
            group.append(here)
            fresh = [int(other) for other in np.flatnonzero(conflict[here]) if int(other) not in seen]
            seen.update(fresh)
            stack.extend(fresh)
        groups.append(sorted(group))
    return groups


def feasible_copies(conflict: np.ndarray) -> np.ndarray:
    """List every way in which two haplotypes can carry the alleles.

    Parameters
    ----------
    conflict : np.ndarray
        bool [n, n] as `conflicts` gives it.

    Returns
    -------
    np.ndarray
        int8 [m, n], copies (0, 1, 2) of each allele in each of the m ways.
    """
    n = len(conflict)
    neighbours = [np.flatnonzero(conflict[index, :index]).tolist() for index in range(n)]
    found: list[tuple[int, ...]] = []
    stack: list[tuple[int, ...]] = [()]
    while stack:
        copies = stack.pop()
        if len(copies) == n:
            if _two_haplotypes(copies, conflict):
                found.append(copies)
            continue
        taken = max((copies[other] for other in neighbours[len(copies)]), default=0)
        stack.extend((*copies, count) for count in range(2, -1, -1) if count == 0 or count + taken <= 2)
    return np.array(found, dtype=np.int8).reshape(len(found), n)


def _span(allele: tuple[int, str, str]) -> tuple[int, int]:
    """Reference bases an allele replaces; an insertion gives the empty span it enters at."""
    start, ref, alt = allele
    if len(ref) == len(alt):
        return start, start + len(ref)
    return start + 1, start + len(ref)


def _exclude(one: tuple[int, str, str], other: tuple[int, str, str]) -> bool:
    indels = [len(ref) != len(alt) for _, ref, alt in (one, other)]
    if one[0] == other[0] and indels[0] == indels[1]:
        return True
    (a, b), (c, d) = _span(one), _span(other)
    return max(a, c) < min(b, d) or (a == b and c < a < d) or (c == d and a < c < b)


def _two_haplotypes(copies: tuple[int, ...], conflict: np.ndarray) -> bool:
    """Whether the alleles with one copy can be dealt to two haplotypes without a conflict on either."""
    side: dict[int, int] = {}
    single = [index for index, count in enumerate(copies) if count == 1]
    for root in single:
        if root in side:
            continue
        side[root] = 0
        stack = [root]
        while stack:
            here = stack.pop()
            for other in single:
                if not conflict[here, other]:
                    continue
                if other not in side:
                    side[other] = 1 - side[here]
                    stack.append(other)
                elif side[other] == side[here]:
                    return False
    return True
