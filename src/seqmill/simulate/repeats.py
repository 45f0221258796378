"""Tandem repeats of short units in a sequence."""

from dataclasses import dataclass

import numpy as np

N_CODE = 4


@dataclass(frozen=True)
class Repeats:
    """Maximal tandem repeats of one unit length, in order of start.

    Attributes
    ----------
    unit : int
        Length of the repeated unit in bp.
    starts, ends : np.ndarray
        int64 [n], 0-based half-open; ``ends - starts`` may hold a part of a unit at the end.
    """

    unit: int
    starts: np.ndarray
    ends: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Length of each repeat in bp, int64 [n]."""
        return self.ends - self.starts

    @property
    def copies(self) -> np.ndarray:
        """Number of whole units of each repeat, int64 [n]."""
        return self.lengths // self.unit


def find_repeats(codes: np.ndarray, *, unit: int, copies: int) -> Repeats:
    """Find the maximal tandem repeats of units of `unit` bp with at least `copies` whole copies.

    A position belongs to a repeat when it equals the position one unit before or after it. Repeats whose
    unit is itself a repeat of something shorter (``AA``, ``ACAC``) are left out, and so is N.

    Parameters
    ----------
    codes : np.ndarray
        uint8 [length], A 0, C 1, G 2, T 3, other 4.
    unit : int
        Unit length in bp, 1 or more.
    copies : int
        Fewest whole copies, 2 or more.
    """
    if len(codes) <= unit:
        empty = np.empty(0, np.int64)
        return Repeats(unit, empty, empty)
    same = np.zeros(len(codes) - unit + 2, np.int8)
    same[1:-1] = (codes[unit:] == codes[:-unit]) & (codes[unit:] < N_CODE)
    steps = np.diff(same)
    starts = np.flatnonzero(steps == 1).astype(np.int64)
    ends = np.flatnonzero(steps == -1).astype(np.int64) + unit
    keep = (ends - starts) // unit >= copies
    starts, ends = starts[keep], ends[keep]
    for shorter in range(1, unit):
        if unit % shorter == 0 and len(starts):
            offsets = np.arange(unit - shorter)
            window = starts[:, None] + offsets
            simple = (codes[window] == codes[window + shorter]).all(axis=1)
            starts, ends = starts[~simple], ends[~simple]
    return Repeats(unit, starts, ends)
