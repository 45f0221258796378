"""Homopolymers and short tandem repeats at a site, where aligners and polymerases slip."""

import numpy as np
from numba import njit

MAX_UNIT = 6
LONGEST = 255 * MAX_UNIT  # bases over which a repeat is followed; more cannot be told in its byte


@njit(cache=True, nogil=True)
def homopolymer(reference: np.ndarray, at: int) -> int:
    """Give the length of the run of equal base codes that holds index `at`."""
    first = last = at
    while first > 0 and reference[first - 1] == reference[at]:
        first -= 1
    while last + 1 < len(reference) and reference[last + 1] == reference[at]:
        last += 1
    return last - first + 1


@njit(cache=True, nogil=True)
def tandem_repeat(reference: np.ndarray, at: int) -> tuple[int, int]:
    """Give unit length (1-6) and whole copies of the tandem repeat that begins at index `at`.

    A repeat is followed over `LONGEST` bases at most. Of all unit lengths the one whose repeat spans most
    bases counts, the shorter one when two span the same.
    """
    best_unit, best_copies = 1, 1
    size = min(len(reference), at + LONGEST)
    for unit in range(1, MAX_UNIT + 1):
        last = at + unit
        while last < size and reference[last] == reference[last - unit]:
            last += 1
        copies = (last - at) // unit
        if copies > 1 and copies * unit > best_unit * best_copies:
            best_unit, best_copies = unit, copies
    return best_unit, best_copies
