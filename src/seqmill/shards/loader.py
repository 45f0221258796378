"""Batches from shards: the same for any number of threads and ranks, and from any point on."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError, nearest
from seqmill.shards.ahead import in_order
from seqmill.shards.decode import Batch, ByteStore, RowBlock, empty_batch
from seqmill.shards.manifest import Manifest
from seqmill.shards.plan import Block, EpochPlan, philox_key
from seqmill.shards.row_groups import RowGroups
from seqmill.shards.schema import Column


class Loader:
    """Batches of one split.

    Batch t of epoch e is a pure function of (dataset digest, seed, e, t) and the sizes given here; the
    state of a reader is therefore the three integers seed, epoch and next batch. Each example comes once an
    epoch; the last batch may be smaller. A global batch is defined first, and each rank takes its
    consecutive slice of it: joined in the order of the ranks, slices give the global batch.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    split : str
        The split to read.
    batch_size : int
        Examples in a global batch, over all ranks.
    seed : int
        Seed of the shuffle.
    shuffle : bool
        Whether to permute row groups, and rows inside blocks of row groups; else stored order.
    columns : sequence of str, optional
        Columns to give; all but strings unless given.
    rank, world_size : int
        Which slice of each global batch to give, out of how many. When a last batch holds fewer examples
        than there are ranks, some slices are empty; all ranks see the same number of batches.
    threads : int
        Threads that read blocks ahead; 0 reads when asked.
    block_groups : int
        Row groups in a block: rows are shuffled within them, and a resumed reader decodes one block.

    Raises
    ------
    InputError
        When there is no such split or column.
    ValueError
        When a number is out of range.
    """

    def __init__(
        self,
        manifest: Manifest,
        split: str,
        *,
        batch_size: int,
        seed: int,
        shuffle: bool,
        columns: Sequence[str] | None = None,
        rank: int = 0,
        world_size: int = 1,
        threads: int = 2,
        block_groups: int = 8,
    ) -> None:
        if batch_size < 1 or block_groups < 1 or threads < 0 or not 0 <= rank < world_size:
            raise ValueError(
                f"batch_size {batch_size}, block_groups {block_groups}, threads {threads}, rank {rank} of "
                f"{world_size} found; positive sizes and 0 <= rank < world_size wanted"
            )
        self.manifest = manifest
        self.split = split
        self.batch_size = batch_size
        self.seed = seed
        self.columns = _choose(manifest, columns)
        self._rank = rank
        self._ranks = world_size
        self._threads = threads
        self._block_groups = block_groups
        self._groups = [
            (shard, group) for shard in manifest.shards_of(split) for group in range(len(shard.row_groups))
        ]
        self._group_rows = np.array([shard.row_groups[group] for shard, group in self._groups], np.int64)
        self._key = philox_key(manifest.digest, split, seed) if shuffle else None
        self._files = RowGroups(manifest, [column.name for column in self.columns])

    @property
    def rows(self) -> int:
        """Examples in an epoch, over all ranks."""
        return int(self._group_rows.sum())

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def epoch(self, epoch: int, start: int = 0) -> Iterator[Batch]:
        """Yield the batches of an epoch, from batch `start` on.

        Parameters
        ----------
        epoch : int
            Epoch, from 0; the stored order is the same in all.
        start : int
            First batch to yield, from 0 to ``len(loader)``.

        Yields
        ------
        dict of str to array
            For B examples: numbers [B]; ``fixed`` uint8 [B, size]; ``binary`` uint8 [B, max_bytes], padded
            with zeros; strings, if asked for, object [B]. Arrays are the receiver's own to keep.

        Raises
        ------
        InputError
            When a shard is missing, damaged or another than the manifest lists.
        """
        if epoch < 0 or not 0 <= start <= len(self):
            raise ValueError(
                f"epoch {epoch}, start {start} found; epoch >= 0, 0 <= start <= {len(self)} wanted"
            )
        plan = EpochPlan(self._group_rows, self._block_groups, self._key, epoch)
        first = plan.block_at(start * self.batch_size) if start < len(self) else len(plan)
        return self._join(self._decoded(plan, first, start), start)

    def _size(self, batch: int) -> int:
        """Count this rank's examples of a batch."""
        rows = max(0, min(self.batch_size, self.rows - batch * self.batch_size))
        return rows * (self._rank + 1) // self._ranks - rows * self._rank // self._ranks

    def _decoded(self, plan: EpochPlan, first: int, start: int) -> Generator[RowBlock, None, None]:
        """Yield this rank's rows of each block, in order.

        A block is valid until the next one is asked for; then its buffers go to a block to come.
        """
        free: deque[dict[str, ByteStore]] = deque()

        def decode(index: int) -> RowBlock:
            try:
                stores = free.popleft()
            except IndexError:
                stores = {}
            return self._decode(plan.block(index), start, stores)

        for block in in_order(decode, range(first, len(plan)), self._threads):
            yield block
            free.append(block.stores)

    def _join(self, blocks: Generator[RowBlock, None, None], number: int) -> Iterator[Batch]:
        """Cut blocks into batches from batch `number` on."""
        batch, filled = empty_batch(self.columns, self._size(number)), 0
        with closing(blocks):
            for block in blocks:
                begin = 0
                while number < len(self):
                    count = min(_rows(batch) - filled, block.rows - begin)
                    block.fill(batch, filled, begin, begin + count)
                    begin, filled = begin + count, filled + count
                    if filled < _rows(batch):
                        break
                    yield batch
                    number += 1
                    batch, filled = empty_batch(self.columns, self._size(number)), 0

    def _decode(self, block: Block, start: int, stores: dict[str, ByteStore]) -> RowBlock:
        """Read a block and keep this rank's rows of batch `start` and later, in order."""
        kept = block.order[self._mine(block.begin + np.arange(len(block.order)), start)]
        targets = np.full(len(block.order), -1, np.int64)
        targets[kept] = np.arange(len(kept))
        rows = RowBlock(self.columns, len(kept), stores)
        begin = 0
        for unit in block.units:
            of_unit = targets[begin : begin + int(self._group_rows[unit])]
            begin += len(of_unit)
            if (of_unit >= 0).any():
                self._files.read(*self._groups[unit], lambda table, places=of_unit: rows.add(table, places))
        return rows

    def _mine(self, positions: npt.NDArray[np.int64], start: int) -> npt.NDArray[np.bool_]:
        batch, within = np.divmod(positions, self.batch_size)
        rows = np.minimum(self.batch_size, self.rows - batch * self.batch_size)
        mine = (within >= rows * self._rank // self._ranks) & (
            within < rows * (self._rank + 1) // self._ranks
        )
        return mine & (batch >= start)


def _choose(manifest: Manifest, names: Sequence[str] | None) -> tuple[Column, ...]:
    known = {column.name: column for column in manifest.encoding.all_columns}
    if names is None:
        return tuple(column for column in known.values() if column.kind != "string")
    for name in names:
        if name not in known:
            raise InputError(
                f"{manifest.path}: no column '{name}'{nearest(name, known)}; it has: {', '.join(known)}"
            )
    return tuple(known[name] for name in names)


def _rows(batch: Batch) -> int:
    return len(next(iter(batch.values())))
