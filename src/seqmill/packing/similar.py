"""Groups of sequences that are alike, so that no split divides them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import codes_of

K = 16
"""Bases of a k-mer: long enough that unrelated sequences share none by chance."""

_MOST = 50
_UNKNOWN = 4


def similar_groups(sequences: Sequence[str], share: float) -> npt.NDArray[np.int64]:
    """Group sequences that share k-mers, directly or over others.

    Two sequences are alike when they have at least `share` of the distinct k-mers of the one with fewer in
    common. A k-mer that more than 50 sequences have, such as a run of one base, brings together each with the
    next alone. The strand counts: the other strand is another sequence.

    Parameters
    ----------
    sequences : sequence of str
        Upper case.
    share : float
        From 0, which groups nothing, to 1.

    Returns
    -------
    int64 array, shape (n,)
        Number of each sequence's group.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(sequences)
    if share == 0 or n == 0:
        return np.arange(n)
    owners, kmers = _kmers(sequences)
    sizes = np.bincount(owners, minlength=n)
    order = np.argsort(kmers, kind="stable")
    owners, kmers = owners[order], kmers[order]
    pairs = _pairs(owners, np.flatnonzero(np.diff(kmers, prepend=kmers[:1] + 1)))
    codes, common = np.unique(pairs[0] * n + pairs[1], return_counts=True)
    first, second = codes // n, codes % n
    alike = common >= np.ceil(share * np.minimum(sizes[first], sizes[second]))
    links = coo_array((np.ones(alike.sum(), np.int8), (first[alike], second[alike])), shape=(n, n))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _kmers(sequences: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the distinct k-mers without unknown bases, and the number of the sequence that each is from."""
    owners, kmers = [], []
    places = 4 ** np.arange(K, dtype=np.int64)
    for number, sequence in enumerate(sequences):
        if len(sequence) >= K:
            windows = np.lib.stride_tricks.sliding_window_view(codes_of(sequence), K)
            known = windows[(windows != _UNKNOWN).all(axis=1)]
            found = np.unique(known @ places)
            owners.append(np.full(len(found), number, np.int64))
            kmers.append(found)
    if not owners:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(owners), np.concatenate(kmers)


def _pairs(
    owners: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the pairs of sequences, smaller number first, that share a k-mer, once for each shared one."""
    if not len(starts):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    group = np.zeros(len(owners), np.int64)
    group[starts[1:]] = 1
    group = np.cumsum(group)
    sizes = np.bincount(group)
    first, second = [], []
    for apart in range(1, min(_MOST, int(sizes.max()))):
        here = np.flatnonzero(group[apart:] == group[:-apart])
        if apart > 1:
            here = here[sizes[group[here]] <= _MOST]
        first.append(owners[here])
        second.append(owners[here + apart])
    if not first:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(first), np.concatenate(second)
