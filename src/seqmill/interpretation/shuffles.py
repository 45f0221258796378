"""Sequences drawn anew with the same bases, or the same pairs of neighbours."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.shuffle import dinucleotide_shuffle
from seqmill.interpretation.sequences import Codes


def shuffle_bases(codes: Codes, generator: np.random.Generator) -> Codes:
    """Shuffle each window [n, length]; positions without a base stay where they are."""
    shuffled = np.array(codes, np.uint8)
    _shuffle_all(shuffled, generator)
    return shuffled


def shuffle_pairs(codes: Codes, generator: np.random.Generator) -> Codes:
    """Shuffle each window [n, length] so that it keeps every count of two neighbouring bases.

    See `seqmill.genome.shuffle.dinucleotide_shuffle`; its seed is drawn.
    """
    return dinucleotide_shuffle(codes, seed=int(generator.integers(1 << 63)))


def backgrounds(codes: Codes, number: int, generator: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Give `number` shuffles of each window that keep its pairs: [n, number, length]."""
    copies = np.repeat(codes, number, axis=0)
    return shuffle_pairs(copies, generator).reshape(len(codes), number, codes.shape[1])


@njit(cache=True)
def _shuffle_all(windows, generator):  # type: ignore[no-untyped-def]
    """Shuffle stretches of windows, uint8 [n, length], in place."""
    for row in range(windows.shape[0]):
        window = windows[row]
        start = 0
        for at in range(window.size + 1):
            if at == window.size or window[at] == AMBIGUOUS:
                _shuffle(window[start:at], generator)
                start = at + 1


@njit(cache=True)
def _shuffle(values, generator):  # type: ignore[no-untyped-def]
    """Shuffle values in place (Fisher and Yates)."""
    for last in range(values.size - 1, 0, -1):
        other = generator.integers(0, last + 1)
        values[last], values[other] = values[other], values[last]
