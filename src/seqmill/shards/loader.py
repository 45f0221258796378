"""Batches from shards: the same for any number of threads and ranks, and from any point on."""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError, nearest
from seqmill.shards.ahead import in_order
from seqmill.shards.decode import Batch, RowBlock, Rows
from seqmill.shards.fraction import Fraction
from seqmill.shards.manifest import Manifest
from seqmill.shards.plan import Block, EpochPlan, philox_key
from seqmill.shards.ring import Pool, Ring
from seqmill.shards.row_groups import RowGroups
from seqmill.shards.schema import Column

Picked = tuple[RowBlock, Rows]


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
        Which slice of each global batch to give, out of how many. A last batch that holds fewer examples
        than there are ranks is given whole to each of them, so that no slice is empty.
    threads : int
        Threads that read blocks ahead; 0 reads when asked.
    block_groups : int
        Row groups in a block: rows are shuffled within them, and a resumed reader decodes one block. Up to
        `threads` + 2 decoded blocks are in memory.
    memory : bool
        Whether to hold the split's packed rows in memory, read at the first batch; rows are then shuffled
        over the whole split, in an order of its own.
    fraction : float
        Share of the split's examples to give, see `seqmill.shards.fraction`; the others are as if they were
        not there.
    ring : Ring, optional
        Arrays to use again for the batches, which then are valid only for as long as the ring says; one
        epoch at a time can be read through it. Unless given, each batch has arrays of its own, and their
        memory is used again when nobody holds them.

    Raises
    ------
    InputError
        When there is no such split or column, or the share holds no example.
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
        memory: bool = False,
        fraction: float = 1.0,
        ring: Ring | None = None,
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
        self._memory = memory
        self._arrays = ring or Pool()
        self._held: RowBlock | None = None
        self._prepared: tuple[tuple[int, int], Future[Picked]] | None = None
        self._share = Fraction(manifest, split, fraction)
        self._group_rows = self._share.rows
        self._rows = int(self._group_rows.sum())
        self._key = philox_key(manifest.digest, split, seed) if shuffle else None
        self._files = RowGroups(manifest, [column.name for column in self.columns])

    @property
    def rows(self) -> int:
        """Examples in an epoch, over all ranks."""
        return self._rows

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def prepare(self, epoch: int, start: int = 0) -> None:
        """Begin to read the block that `epoch` will ask for first, unless the loader has no threads.

        One block is kept at a time; asking for another epoch or batch lets go of it.
        """
        if not self._threads or self._memory or start >= len(self):
            return
        plan = self._plan(epoch)
        pool = ThreadPoolExecutor(1, thread_name_prefix="seqmill-prepare")
        block = plan.block(plan.block_at(start * self.batch_size))
        self._prepared = ((epoch, start), pool.submit(self._decode, block, start))
        pool.shutdown(wait=False)

    def epoch(self, epoch: int, start: int = 0, *, onward: bool = False) -> Iterator[Batch]:
        """Yield the batches of an epoch, from batch `start` on.

        Parameters
        ----------
        epoch : int
            Epoch, from 0; the stored order is the same in all.
        start : int
            First batch to yield, from 0 to ``len(loader)``.
        onward : bool
            Whether the next epoch is prepared while the last block of this one is given.

        Yields
        ------
        dict of str to array
            For B examples: numbers [B]; ``fixed`` and ``bases`` uint8 [B, size]; ``binary`` uint8
            [B, max_bytes], padded with zeros; strings, if asked for, object [B]. Without a ring, arrays are
            the receiver's own to keep.

        Raises
        ------
        InputError
            When a shard is missing, damaged or another than the manifest lists.
        """
        if epoch < 0 or not 0 <= start <= len(self):
            raise ValueError(
                f"epoch {epoch}, start {start} found; epoch >= 0, 0 <= start <= {len(self)} wanted"
            )
        blocks = self._from_memory(epoch, start) if self._memory else self._from_shards(epoch, start, onward)
        return self._join(blocks, start)

    def _size(self, batch: int) -> int:
        """Count this rank's examples of a batch."""
        rows = max(0, min(self.batch_size, self.rows - batch * self.batch_size))
        if rows < self._ranks:
            return rows
        return rows * (self._rank + 1) // self._ranks - rows * self._rank // self._ranks

    def _plan(self, epoch: int) -> EpochPlan:
        size = 1 if self._key is None else self._block_groups
        return EpochPlan(self._group_rows, size, self._key, epoch)

    def _from_shards(self, epoch: int, start: int, onward: bool) -> Generator[Picked, None, None]:
        """Yield each block and this rank's rows of it, in order."""
        plan = self._plan(epoch)
        first = plan.block_at(start * self.batch_size) if start < len(self) else len(plan)
        prepared, self._prepared = self._prepared, None

        def read(index: int) -> Picked:
            if index == first and prepared is not None and prepared[0] == (epoch, start):
                return prepared[1].result()
            return self._decode(plan.block(index), start)

        blocks = range(first, len(plan))
        with closing(in_order(read, blocks, self._threads)) as found:
            for index in blocks:
                picked = next(found)
                if onward and index == blocks[-1]:
                    self.prepare(epoch + 1)
                yield picked
                del picked  # its memory serves the next block, still warm

    def _from_memory(self, epoch: int, start: int) -> Generator[Picked, None, None]:
        """Yield the whole split as one block."""
        if self._held is None:
            groups = range(len(self._group_rows))
            self._held = RowBlock.joined(list(in_order(self._read, groups, self._threads)))
        order = EpochPlan(np.array([self.rows]), 1, self._key, epoch).block(0).order
        yield self._held, order[self._mine(np.arange(self.rows), start)]

    def _join(self, blocks: Generator[Picked, None, None], number: int) -> Iterator[Batch]:
        """Cut blocks into batches from batch `number` on."""
        length = len(self)
        usual, last = self._size(0), self._size(length - 1)
        with closing(blocks):
            batch: Batch | None = None
            filled = 0
            for block, picked in blocks:
                begin = 0
                while number < length:
                    wanted = usual if number < length - 1 else last
                    if batch is None:
                        batch, filled = self._arrays.take(self.columns, wanted), 0
                    count = min(wanted - filled, len(picked) - begin)
                    block.fill(batch, filled, picked[begin : begin + count])
                    begin, filled = begin + count, filled + count
                    if filled < wanted:
                        break
                    yield batch
                    number, batch = number + 1, None
                del block, picked  # as above

    def _decode(self, block: Block, start: int) -> Picked:
        """Read a block as far as this rank needs it for batch `start` and later."""
        picked = block.order[self._mine(block.begin + np.arange(len(block.order)), start)]
        needed = np.zeros(len(block.order), bool)
        needed[picked] = True
        rows = RowBlock(self.columns, len(block.order))
        end = 0
        for unit in block.units:
            begin, end = end, end + int(self._group_rows[unit])
            if needed[begin:end].any():
                self._add(int(unit), rows)
            else:
                rows.skip(end - begin)
        return rows, picked

    def _read(self, index: int) -> RowBlock:
        """Read one row group."""
        rows = RowBlock(self.columns, int(self._group_rows[index]))
        self._add(index, rows)
        return rows

    def _add(self, index: int, rows: RowBlock) -> None:
        self._files.read(*self._share.groups[index], lambda table: rows.add(self._share.of(index, table)))

    def _mine(self, positions: npt.NDArray[np.int64], start: int) -> npt.NDArray[np.bool_]:
        """Say which positions of an epoch are this rank's, in batch `start` or later."""
        if self._ranks == 1:
            return positions >= start * self.batch_size
        batch, within = np.divmod(positions, self.batch_size)
        rows = np.minimum(self.batch_size, self.rows - batch * self.batch_size)
        mine = (within >= rows * self._rank // self._ranks) & (
            within < rows * (self._rank + 1) // self._ranks
        )
        return (mine | (rows < self._ranks)) & (batch >= start)


def _choose(manifest: Manifest, names: Sequence[str] | None) -> tuple[Column, ...]:
    if names is None:
        return manifest.encoding.numeric_columns
    known = {column.name: column for column in manifest.encoding.all_columns}
    for name in names:
        if name not in known:
            raise InputError(
                f"{manifest.path}: no column '{name}'{nearest(name, known)}; it has: {', '.join(known)}"
            )
    return tuple(known[name] for name in names)
