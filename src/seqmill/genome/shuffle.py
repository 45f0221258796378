"""Shuffled sequences that keep the count of every pair of neighbouring bases."""

import numpy as np
from numba import njit

_BASES = 4


def dinucleotide_shuffle(codes: np.ndarray, *, seed: int) -> np.ndarray:
    """Shuffle sequences so that each keeps its dinucleotide counts, and so its base counts and both its ends.

    Positions without a base stay, and each stretch between them is shuffled for itself. Its result is drawn
    evenly from all sequences with these counts: a random Eulerian path through the graph of dinucleotides
    (Altschul and Erickson 1985), its last edges a random tree (Kandel et al. 1996).

    Parameters
    ----------
    codes : np.ndarray, uint8, shape (n, length)
        A 0, C 1, G 2, T 3, anything else 4.
    seed : int
        The result of a row depends on the seed, the row's place and its bases alone.

    Returns
    -------
    np.ndarray, uint8, shape (n, length)
    """
    shuffled = np.empty(codes.shape, np.uint8)
    if codes.shape[1]:
        _shuffle(np.ascontiguousarray(codes, np.uint8), np.uint64(seed), shuffled)
    return shuffled


@njit(cache=True, nogil=True)
def _shuffle(codes: np.ndarray, seed: np.uint64, shuffled: np.ndarray) -> None:
    """Shuffle each stretch of known bases of each row."""
    following = np.empty(codes.shape[1], np.uint8)  # what follows each base, base by base
    begin = np.empty(_BASES + 1, np.int64)
    state = np.empty(1, np.uint64)
    for row in range(len(codes)):
        state[0] = _mixed(seed) ^ _mixed(np.uint64(row) + np.uint64(0x9E3779B97F4A7C15))
        shuffled[row] = codes[row]
        start = 0
        for at in range(codes.shape[1] + 1):
            if at == codes.shape[1] or codes[row, at] >= _BASES:
                if at - start > 2:
                    _walk(shuffled[row, start:at], begin, following, state)
                start = at + 1


@njit(cache=True, nogil=True)
def _walk(stretch: np.ndarray, begin: np.ndarray, following: np.ndarray, state: np.ndarray) -> None:
    """Replace a stretch by a random Eulerian path through its pairs."""
    root = stretch[len(stretch) - 1]
    _sort_by_base(stretch, begin, following)
    _choose_last(root, begin, following, state)
    for base in range(_BASES):
        first, count = begin[base], begin[base + 1] - begin[base]
        if base != root:
            count -= 1  # the edge of the tree stays last
        for k in range(count - 1, 0, -1):
            j = _below(k + 1, state)
            following[first + k], following[first + j] = following[first + j], following[first + k]
    used = begin.copy()
    for k in range(len(stretch) - 1):
        base = stretch[k]
        stretch[k + 1] = following[used[base]]
        used[base] += 1


@njit(cache=True, nogil=True)
def _sort_by_base(bases: np.ndarray, begin: np.ndarray, following: np.ndarray) -> None:
    """List what follows each base; the list of a base lies from `begin` of it to that of the next."""
    counts = np.zeros(_BASES, np.int64)
    for k in range(len(bases) - 1):
        counts[bases[k]] += 1
    begin[0] = 0
    for base in range(_BASES):
        begin[base + 1] = begin[base] + counts[base]
    filled = begin.copy()
    for k in range(len(bases) - 1):
        following[filled[bases[k]]] = bases[k + 1]
        filled[bases[k]] += 1


@njit(cache=True, nogil=True)
def _choose_last(root: int, begin: np.ndarray, following: np.ndarray, state: np.ndarray) -> None:
    """Put behind all others, for each base but the root, an edge of a random tree towards the root.

    Wilson (1996): walk at random until the tree is met; the last edge taken from each base is the tree's.
    """
    in_tree = np.zeros(_BASES, np.bool_)
    in_tree[root] = True
    chosen = np.zeros(_BASES, np.int64)
    for start in range(_BASES):
        if begin[start] == begin[start + 1]:
            continue
        base = start
        while not in_tree[base]:
            chosen[base] = begin[base] + _below(begin[base + 1] - begin[base], state)
            base = following[chosen[base]]
        base = start
        while not in_tree[base]:
            in_tree[base] = True
            base = following[chosen[base]]
    for base in range(_BASES):
        if base != root and begin[base] < begin[base + 1]:
            last = begin[base + 1] - 1
            following[chosen[base]], following[last] = following[last], following[chosen[base]]


@njit(cache=True, nogil=True)
def _below(limit: int, state: np.ndarray) -> int:
    """Draw a whole number below a limit far smaller than 2**31, and move the state on."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    return np.int64((_mixed(state[0]) >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32))


@njit(cache=True, nogil=True)
def _mixed(value: np.uint64) -> np.uint64:
    """Spread the bits of a 64-bit word (the finaliser of splitmix64; Steele et al. 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
