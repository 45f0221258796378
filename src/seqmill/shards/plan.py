"""Which example comes when: a pure function of dataset, seed and epoch."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

Key = npt.NDArray[np.uint64]


def philox_key(*parts: str | int) -> Key:
    """Derive a 128-bit Philox key, uint64 [2], from what the order hangs on."""
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)


def permutation(key: Key, epoch: int, stream: int, n: int) -> npt.NDArray[np.int64]:
    """Permute ``range(n)``.

    Fisher and Yates's shuffle by raw Philox 4x64 words (Salmon et al. 2011), whose stream is fixed by its
    definition, so a permutation never changes with a library's version.

    Parameters
    ----------
    key : uint64 array [2]
        From `philox_key`.
    epoch, stream : int
        Independent streams under one key.
    n : int
        Length, at most 2**32.

    Returns
    -------
    int64 array [n]
        Each of ``range(n)`` once.
    """
    bits = np.random.Philox(key=key, counter=np.array([0, 0, stream, epoch], dtype=np.uint64))
    return _shuffled(bits.random_raw(n))


@njit(cache=True, nogil=True)
def _shuffled(words: Key) -> npt.NDArray[np.int64]:
    """Shuffle by the upper half of a word for each place, scaled to its range by multiplication."""
    half = np.uint64(32)
    order = np.arange(words.size)
    for last in range(words.size - 1, 0, -1):
        chosen = np.int64((words[last] >> half) * np.uint64(last + 1) >> half)
        order[last], order[chosen] = order[chosen], order[last]
    return order


@dataclass(frozen=True)
class Block:
    """Row groups that are read together.

    Attributes
    ----------
    units : int64 array
        Row groups, as indices into the split's row groups in stored order.
    order : int64 array [rows]
        Row of the concatenated row groups that comes at each position.
    begin : int
        Position of the block's first row in the epoch.
    """

    units: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    begin: int


class EpochPlan:
    """The order of one epoch.

    Row groups are permuted, cut into blocks of `block_groups`, and rows are permuted inside each block.

    Parameters
    ----------
    group_rows : int64 array [groups]
        Rows of each row group in stored order.
    block_groups : int
        Row groups in a block.
    key : uint64 array [2] or None
        Key of the permutations; None keeps the stored order.
    epoch : int
        Epoch, from 0.
    """

    def __init__(
        self, group_rows: npt.NDArray[np.int64], block_groups: int, key: Key | None, epoch: int
    ) -> None:
        self._rows = group_rows
        self._size = block_groups
        self._key = key
        self._epoch = epoch
        count = len(group_rows)
        self._units = np.arange(count) if key is None else permutation(key, epoch, 0, count)
        ends = np.cumsum(group_rows[self._units])
        self._begins = np.concatenate(([0], ends[block_groups - 1 : -1 : block_groups])).astype(np.int64)

    def __len__(self) -> int:
        return len(self._begins)

    def block_at(self, position: int) -> int:
        """Give the index of the block that holds a position of the epoch."""
        return int(np.searchsorted(self._begins, position, side="right")) - 1

    def block(self, index: int) -> Block:
        """Give one block."""
        units = self._units[index * self._size : (index + 1) * self._size]
        count = int(self._rows[units].sum())
        if self._key is None:
            order = np.arange(count)
        else:
            order = permutation(self._key, self._epoch, 1 + index, count)
        return Block(units, order, int(self._begins[index]))
