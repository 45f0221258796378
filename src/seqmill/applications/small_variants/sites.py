"""Where each candidate lies: its repeats, and which reads may cover it."""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.candidates import Candidates
from seqmill.applications.small_variants.repeats import homopolymer, tandem_repeat
from seqmill.applications.small_variants.scan import DELETION, PAD, SNP
from seqmill.reads.columns import ReadColumns


class Sites(NamedTuple):
    """Surroundings of `c` candidates, each field an array over them.

    Attributes
    ----------
    last : np.ndarray, int64
        End of the bases whose reads belong to the candidate: behind its base, or behind the indel and the
        repeat it lies in, at most `PAD` bases.
    run, unit, copies : np.ndarray, int64
        Length of the homopolymer, unit and copies of the tandem repeat.
    low, high : np.ndarray, int64
        Rows of reads between which all reads of the candidate lie.
    reads : np.ndarray, int32
        How many reads belong to it.
    """

    last: np.ndarray
    run: np.ndarray
    unit: np.ndarray
    copies: np.ndarray
    low: np.ndarray
    high: np.ndarray
    reads: np.ndarray


def find_sites(reads: ReadColumns, candidates: Candidates, reference: np.ndarray, origin: int) -> Sites:
    """Look at the surroundings of candidates.

    Parameters
    ----------
    reads : ReadColumns
        Sorted by start.
    candidates : Candidates
        Sorted by position.
    reference : np.ndarray, uint8
        Base codes from position `origin` on.
    origin : int
        0-based.
    """
    position = candidates.position
    longest = int((reads.end - reads.start).max(initial=0))
    last, run, unit, copies = (np.empty(len(position), np.int64) for _ in range(4))
    _surroundings(candidates, reference, origin, last, run, unit, copies)
    low = np.searchsorted(reads.start, position - longest)
    high = np.searchsorted(reads.start, np.where(candidates.kind == SNP, position, last), side="right")
    count = np.empty(len(position), np.int32)
    _count(reads, position, low, high, count)
    return Sites(last, run, unit, copies, low, high, count)


@njit(cache=True, nogil=True)
def _surroundings(
    candidates: Candidates,
    reference: np.ndarray,
    origin: int,
    last: np.ndarray,
    run: np.ndarray,
    unit: np.ndarray,
    copies: np.ndarray,
) -> None:
    for c in range(len(last)):
        anchor = np.int64(candidates.position[c])
        at = anchor - origin + (0 if candidates.kind[c] == SNP else 1)
        run[c] = homopolymer(reference, at)
        unit[c], copies[c] = tandem_repeat(reference, at)
        last[c] = anchor + 1
        if candidates.kind[c] != SNP:
            deleted = np.int64(candidates.length[c]) if candidates.kind[c] == DELETION else 0
            last[c] += max(min(unit[c] * copies[c], PAD), deleted)


@njit(cache=True, nogil=True)
def _count(
    reads: ReadColumns, position: np.ndarray, low: np.ndarray, high: np.ndarray, count: np.ndarray
) -> None:
    for c in range(len(position)):
        n = 0
        for row in range(low[c], high[c]):
            n += reads.end[row] > position[c]
        count[c] = n
