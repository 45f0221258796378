"""The log-likelihood ratio of a read between two haplotypes, by the short way where there is one.

Most reads fit one of the two haplotypes base by base and the other with one gap. All paths with at most one
gap are few enough to be tried; two gaps cost more than any of these that matter; where they might not, the
read goes through `alignment_cost`. The result is the same in units of the encoding: a ratio too close to a
step for the difference in rounding is computed anew.
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
    """Scratch space of `log_ratio`.

    Attributes
    ----------
    work : np.ndarray, float32, shape (4, MAX_WIDTH)
        For `alignment_cost`.
    extra : np.ndarray, float64, shape (SEGMENT,)
        Cost of a mismatch above a match at each base of the read.
    reach, tail : np.ndarray, int64, shape (MAX_WIDTH,)
        By diagonal, how many bases from the first and from the last on can be told below the bound.
    before, behind : np.ndarray, float64, shape (MAX_WIDTH, SEGMENT + 1)
        By diagonal, the cost of so many first and last bases.
    """

    work: np.ndarray
    extra: np.ndarray
    reach: np.ndarray
    tail: np.ndarray
    before: np.ndarray
    behind: np.ndarray


@njit(cache=True, nogil=True)
def new_haplotype() -> Haplotype:
    """Make an empty haplotype."""
    return Haplotype(np.empty(SEGMENT, np.uint8), np.empty(SEGMENT, np.float32))


@njit(cache=True, nogil=True)
def new_room() -> Room:
    """Make scratch space."""
    return Room(
        np.empty((4, MAX_WIDTH), np.float32),
        np.empty(SEGMENT, np.float64),
        np.empty(MAX_WIDTH, np.int64),
        np.empty(MAX_WIDTH, np.int64),
        np.empty((MAX_WIDTH, SEGMENT + 1), np.float64),
        np.empty((MAX_WIDTH, SEGMENT + 1), np.float64),
    )


@njit(cache=True, nogil=True)
def prepare(haplotype: Haplotype, size: int) -> float:
    """Fill the gap costs of a haplotype of `size` bases; give the lowest."""
    gap_costs(haplotype.bases, size, haplotype.costs)
    cheapest = haplotype.costs[0]
    for at in range(size):
        cheapest = min(cheapest, haplotype.costs[at])
    return cheapest


@njit(cache=True, nogil=True, inline="always")
def _bound(cheapest: float) -> float:
    """Give what a path costs at least that is not among those tried: two gaps."""
    return 2.0 * cheapest - _ROUNDING


@njit(cache=True, nogil=True)
def excess(
    bases: np.ndarray,
    n: int,
    haplotype: Haplotype,
    size: int,
    cheapest: float,
    offset: int,
    band: int,
    room: Room,
) -> float:
    """Give the cost (nats) of the best path above that of a read without any difference, if it can be told.

    Parameters
    ----------
    bases, n, offset, band
        As in `alignment_cost`.
    haplotype : Haplotype
        Of `size` bases.
    size : int
        Bases of the haplotype.
    cheapest : float
        Lowest gap-opening cost of the haplotype.
    room : Room
        Scratch space; `extra` is filled.

    Returns
    -------
    float
        The cost, or a negative number where it cannot be told: then it is not less than two gaps.
    """
    width = 2 * band + 1
    bound = _bound(cheapest)
    best = bound
    for turn in range(width):
        # the diagonals of the read's own alignment come first
        k = band + (turn + 1) // 2 * (1 if turn & 1 else -1)
        begin = offset + k - band
        before, behind = room.before[k], room.behind[k]
        cost, told = 0.0, 0
        before[0] = 0.0
        most = min(n, size - begin) if begin >= 0 else 0
        while told < most:
            if bases[told] != haplotype.bases[begin + told]:
                cost += room.extra[told]
                if cost >= best:
                    break
            told += 1
            before[told] = cost
        room.reach[k] = told
        if told == n:
            best = min(best, cost)
            if best == 0:
                return 0.0
        cost, told = 0.0, 0
        behind[0] = 0.0
        most = min(n, begin + n) if begin + n <= size else 0
        while told < most:
            if bases[n - 1 - told] != haplotype.bases[begin + n - 1 - told]:
                cost += room.extra[n - 1 - told]
                if cost >= best:
                    break
            told += 1
            behind[told] = cost
        room.tail[k] = told
    for left in range(width):
        for right in range(width):
            gap = right - left
            if gap == 0 or room.reach[left] + room.tail[right] + max(-gap, 0) < n:
                continue
            extended = np.float64(GAP_EXTEND) * (abs(gap) - 1)
            if extended + cheapest >= best:
                continue
            before, behind = room.before[left], room.behind[right]
            if gap > 0:
                # haplotype bases are skipped behind row `at - 1`
                for at in range(max(2, n - room.tail[right]), min(room.reach[left], n - 1) + 1):
                    opened = haplotype.costs[at + offset + left - band] + extended
                    best = min(best, before[at] + opened + behind[n - at])
            else:
                # the read's bases from row `at` on are extra
                for at in range(max(1, n - room.tail[right] + gap), min(room.reach[left], n + gap) + 1):
                    place = at + offset + left - 1 - band
                    if 0 <= place < size:
                        opened = haplotype.costs[place] + extended
                        best = min(best, before[at] + opened + behind[n + gap - at])
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
    for i in range(n):
        room.extra[i] = MISMATCH[qualities[i]] - MATCH[qualities[i]] if bases[i] < 4 else 0.0
    first = excess(bases, n, plain, plain_size, plain_cheapest, offset, band, room)
    second = excess(bases, n, changed, changed_size, changed_cheapest, offset, band, room)
    if first >= 0 and second >= 0:
        steps = abs(first - second) * LLR_STEPS
        if steps < 0.5 or steps > LLR_LARGEST + 1 or abs(steps - np.rint(steps)) > LLR_STEPS * _ROUNDING:
            return first - second
    elif first >= 0 and (_bound(changed_cheapest) - first) * LLR_STEPS > LLR_LARGEST + 1:
        return first - _bound(changed_cheapest)
    elif second >= 0 and (_bound(plain_cheapest) - second) * LLR_STEPS > LLR_LARGEST + 1:
        return _bound(plain_cheapest) - second
    return alignment_cost(
        bases, qualities, n, plain.bases, plain_size, plain.costs, offset, band, room.work
    ) - alignment_cost(
        bases, qualities, n, changed.bases, changed_size, changed.costs, offset, band, room.work
    )
