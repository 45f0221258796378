"""Sequences drawn anew with the same bases, or the same pairs of neighbours."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.genome.bases import AMBIGUOUS
from seqmill.interpretation.sequences import Codes


def shuffle_bases(codes: Codes, generator: np.random.Generator) -> Codes:
    """Shuffle each window [n, length]; positions without a base stay where they are."""
    return _each(codes, generator, pairs=False)


def shuffle_pairs(codes: Codes, generator: np.random.Generator) -> Codes:
    """Shuffle each window [n, length] so that it keeps every count of two neighbouring bases.

    Each stretch between positions without a base is shuffled for itself, with its ends in place: it is a
    random Euler path through the graph of its pairs, all being equally likely.

    Notes
    -----
    Altschul and Erickson, "Significance of nucleotide sequence alignments", Mol. Biol. Evol. 2 (1985);
    Kandel, Matias, Unger and Winkler, "Shuffling biological sequences", Discrete Appl. Math. 71 (1996).
    """
    return _each(codes, generator, pairs=True)


def backgrounds(codes: Codes, number: int, generator: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Give `number` shuffles of each window that keep its pairs: [n, number, length]."""
    copies = np.repeat(codes, number, axis=0)
    return shuffle_pairs(copies, generator).reshape(len(codes), number, codes.shape[1])


def _each(codes: Codes, generator: np.random.Generator, *, pairs: bool) -> Codes:
    shuffled = np.array(codes, np.uint8)
    _shuffle_all(shuffled, generator, pairs)
    return shuffled


@njit(cache=True)
def _shuffle_all(windows, generator, pairs):  # type: ignore[no-untyped-def]
    """Shuffle stretches of windows, uint8 [n, length], in place."""
    for row in range(windows.shape[0]):
        window = windows[row]
        start = 0
        for at in range(window.size + 1):
            if at == window.size or window[at] == AMBIGUOUS:
                if at - start > 1 + pairs:
                    if pairs:
                        _shuffle_path(window[start:at], generator)
                    else:
                        _shuffle(window[start:at], generator)
                start = at + 1


@njit(cache=True)
def _shuffle(values, generator):  # type: ignore[no-untyped-def]
    """Shuffle values in place (Fisher and Yates)."""
    for last in range(values.size - 1, 0, -1):
        other = generator.integers(0, last + 1)
        values[last], values[other] = values[other], values[last]


@njit(cache=True)
def _shuffle_path(stretch, generator):  # type: ignore[no-untyped-def]
    """Replace a stretch of bases, in place, by a random one with the same pairs."""
    successors = np.empty((4, stretch.size), np.uint8)
    count = np.zeros(4, np.int64)
    for at in range(stretch.size - 1):
        base = stretch[at]
        successors[base, count[base]] = stretch[at + 1]
        count[base] += 1
    final = stretch[stretch.size - 1]
    leaving = np.zeros(4, np.int64)
    while True:
        for base in range(4):
            if count[base]:
                leaving[base] = generator.integers(0, count[base])
        if _all_reach(final, successors, count, leaving):
            break
    for base in range(4):
        if count[base]:
            of_base = successors[base, : count[base]]
            if base == final:
                _shuffle(of_base, generator)
            else:
                last = of_base.size - 1
                of_base[leaving[base]], of_base[last] = of_base[last], of_base[leaving[base]]
                _shuffle(of_base[:last], generator)
    used = np.zeros(4, np.int64)
    for at in range(stretch.size - 1):
        base = stretch[at]
        stretch[at + 1] = successors[base, used[base]]
        used[base] += 1


@njit(cache=True)
def _all_reach(final, successors, count, leaving):  # type: ignore[no-untyped-def]
    """Say whether the last edges out of each base, followed, lead to the final base."""
    for base in range(4):
        here = base
        steps = 0
        while count[base] and here != final:
            here = successors[here, leaving[here]]
            steps += 1
            if steps > 4:
                return False
    return True
