"""The log-likelihood ratio of a read between two haplotypes, by the short way where there is one.

Most reads match one of the two haplotypes base by base and the other with one gap. For these the cost of the
best path is a sum of a few numbers, and a bound shows that no other path is cheaper. The others go through
`alignment_cost`. The result is the same in units of the encoding: a ratio that lies too close to a step for
the difference in rounding is computed anew.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.layout import LLR_LARGEST, LLR_STEPS
from seqmill.applications.small_variants.realign import (
    GAP_EXTEND,
    MATCH,
    MISMATCH,
    alignment_cost,
    gap_costs,
)

SEGMENT = 640  # longest stretch of a read or haplotype that is compared
MAX_WIDTH = 256  # most diagonals of a band

_UNSURE = -1.0
_ROUNDING = 1e-3  # nats by which sums of float32 may differ


class Haplotype(NamedTuple):
    """A haplotype ready to be compared with reads.

    Attributes
    ----------
    bases : np.ndarray, uint8, shape (SEGMENT,)
        Base codes.
    costs : np.ndarray, float32, shape (SEGMENT,)
        Gap-opening costs (nats) from `gap_costs`.
    """

    bases: np.ndarray
    costs: np.ndarray


class Room(NamedTuple):
    """Scratch space of `log_ratio`."""

    work: np.ndarray
    prefix: np.ndarray
    suffix: np.ndarray


@njit(cache=True, nogil=True)
def new_haplotype() -> Haplotype:
    """Make an empty haplotype."""
    return Haplotype(np.empty(SEGMENT, np.uint8), np.empty(SEGMENT, np.float32))


@njit(cache=True, nogil=True)
def new_room() -> Room:
    """Make scratch space."""
    return Room(
        np.empty((4, MAX_WIDTH), np.float32), np.empty(MAX_WIDTH, np.int64), np.empty(MAX_WIDTH, np.int64)
    )


@njit(cache=True, nogil=True)
def prepare(haplotype: Haplotype, size: int) -> float:
    """Fill the gap costs of a haplotype of `size` bases; give the lowest."""
    gap_costs(haplotype.bases, size, haplotype.costs)
    cheapest = haplotype.costs[0]
    for at in range(size):
        cheapest = min(cheapest, haplotype.costs[at])
    return cheapest


@njit(cache=True, nogil=True)
def excess(
    bases: np.ndarray,
    qualities: np.ndarray,
    n: int,
    haplotype: Haplotype,
    size: int,
    cheapest: float,
    slightest: float,
    offset: int,
    band: int,
    room: Room,
) -> float:
    """Give the cost (nats) of the best path above that of a read without any difference, if it can be told.

    Paths without a gap are all tried, and those with one gap and no mismatch. Any other path has a gap and
    a mismatch, or two gaps.

    Parameters
    ----------
    bases, qualities, n, offset, band
        As in `alignment_cost`.
    haplotype : Haplotype
        Of `size` bases.
    size : int
        Bases of the haplotype.
    cheapest : float
        Lowest gap-opening cost of the haplotype.
    slightest : float
        Lowest cost of a mismatch above a match in the read.
    room : Room
        Scratch space.

    Returns
    -------
    float
        The cost, or a negative number where it cannot be told.
    """
    width = 2 * band + 1
    bound = cheapest + min(cheapest, slightest) - _ROUNDING
    best = np.float64(bound)
    longest = 0
    for turn in range(width):
        # the diagonals of the read's own alignment come first
        k = band + (turn + 1) // 2 * (1 if turn & 1 else -1)
        begin = offset + k - band
        matching = 0
        if begin >= 0:
            most = min(n, size - begin)
            while matching < most and (
                bases[matching] == haplotype.bases[begin + matching] or bases[matching] > 3
            ):
                matching += 1
            if matching == n:
                return 0.0
        room.prefix[k] = matching
        behind = 0
        if begin + n <= size:
            most = min(n, begin + n)
            while behind < most and (
                bases[n - 1 - behind] == haplotype.bases[begin + n - 1 - behind] or bases[n - 1 - behind] > 3
            ):
                behind += 1
            if begin >= 0:
                cost = 0.0
                for i in range(matching, n - behind):
                    if bases[i] != haplotype.bases[begin + i] and bases[i] < 4:
                        cost += MISMATCH[qualities[i]] - MATCH[qualities[i]]
                        if cost >= best:
                            break
                best = min(best, cost)
        room.suffix[k] = behind
        longest = max(longest, behind)
    for left in range(width):
        if room.prefix[left] + longest + width < n:
            continue
        for right in range(width):
            gap = right - left
            if gap == 0 or room.prefix[left] + room.suffix[right] + max(-gap, 0) < n:
                continue
            extended = GAP_EXTEND * (abs(gap) - 1)
            if extended + cheapest >= best:
                continue
            if gap > 0:
                # haplotype bases are skipped behind row `at - 1`
                for at in range(max(2, n - room.suffix[right]), min(room.prefix[left], n - 1) + 1):
                    best = min(best, haplotype.costs[at + offset + left - band] + extended)
            else:
                # the read's bases from row `at` on are extra
                for at in range(max(1, n - room.suffix[right] + gap), min(room.prefix[left], n + gap) + 1):
                    place = at + offset + left - 1 - band
                    if 0 <= place < size:
                        best = min(best, haplotype.costs[place] + extended)
    return best if best < bound else _UNSURE


@njit(cache=True, nogil=True)
def log_ratio(
    bases: np.ndarray,
    qualities: np.ndarray,
    n: int,
    plain: Haplotype,
    plain_size: int,
    plain_cheapest: float,
    changed: Haplotype,
    changed_size: int,
    changed_cheapest: float,
    offset: int,
    band: int,
    room: Room,
) -> float:
    """Give the log-likelihood ratio (nats) of the changed haplotype against the plain one.

    Exact up to rounding, and on the same side of every step of ``1 / LLR_STEPS`` as the dynamic programme.

    Parameters
    ----------
    bases, qualities : np.ndarray, uint8, shape (>= n,)
        Base codes and phred qualities of the read.
    n : int
        Bases of the read.
    plain, changed : Haplotype
        The two haplotypes, with their sizes and lowest gap-opening costs.
    offset : int
        Haplotype index of base 0 of the read on the central diagonal.
    band : int
        Diagonals on each side.
    room : Room
        Scratch space.
    """
    slightest = np.float32(100.0)
    for i in range(n):
        slightest = min(slightest, MISMATCH[qualities[i]] - MATCH[qualities[i]])
    first = excess(bases, qualities, n, plain, plain_size, plain_cheapest, slightest, offset, band, room)
    if first >= 0:
        second = excess(
            bases, qualities, n, changed, changed_size, changed_cheapest, slightest, offset, band, room
        )
        if second >= 0:
            steps = abs(first - second) * LLR_STEPS
            if steps < 0.5 or steps > LLR_LARGEST + 1 or abs(steps - np.rint(steps)) > LLR_STEPS * _ROUNDING:
                return first - second
    return alignment_cost(
        bases, qualities, n, plain.bases, plain_size, plain.costs, offset, band, room.work
    ) - alignment_cost(
        bases, qualities, n, changed.bases, changed_size, changed.costs, offset, band, room.work
    )
