"""Merge files that are each sorted by order key into one sorted stream, in bounded memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.errors import InputError
from seqmill.progress import progress
from seqmill.shards.groups import in_groups
from seqmill.shards.order import order_key
from seqmill.shards.parquet import first_line, open_file, open_writer
from seqmill.shards.schema import Encoding

_ROWS_AT_ONCE = 512
_FILES_AT_ONCE = 128


class _Run:
    """One sorted file, read a few rows at a time."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self._seed = seed
        self._batches = open_file(path).iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False)
        self._rows: pa.RecordBatch | None = None
        self._keys: npt.NDArray[np.uint64] = np.empty(0, np.uint64)
        self._read()

    @property
    def done(self) -> bool:
        return self._rows is None

    @property
    def complete_to(self) -> np.uint64:
        """The key up to which all rows of the file were read."""
        return self._keys[-1]

    def take(self, bound: np.uint64) -> list[pa.RecordBatch]:
        """Give the rows whose key is at most `bound`, which is at most `complete_to`."""
        assert self._rows is not None
        count = int(np.searchsorted(self._keys, bound, side="right"))
        taken = self._rows.slice(0, count)
        self._rows, self._keys = self._rows.slice(count), self._keys[count:]
        if not self._keys.size:
            self._read()
        return [taken] if count else []

    def _read(self) -> None:
        try:
            self._rows = next((batch for batch in self._batches if batch.num_rows), None)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{self.path}: its rows cannot be read ({first_line(error)}); remove it and build it again"
            ) from error
        if self._rows is None:
            return
        self._keys = order_key(self._seed, self._rows["example_id"].to_numpy())
        if (self._keys[1:] <= self._keys[:-1]).any():
            raise InputError(
                f"{self.path}: rows in the order of seed {self._seed}, each example once, wanted; "
                "remove the file and build it again"
            )


def merge_sorted(paths: Sequence[Path], seed: int) -> Iterator[pa.Table]:
    """Stream the rows of `paths` in the order of their keys.

    Memory holds a few hundred rows of each file. The stream depends on the rows alone, not on how
    they are divided among files or how the files are ordered.

    Parameters
    ----------
    paths : sequence of Path
        Parquet files, each sorted by ``order_key(seed, example_id)``.
    seed : int
        Seed of the order.

    Yields
    ------
    pyarrow.Table
        The next rows, sorted; tables differ in length.

    Raises
    ------
    InputError
        When a file is unreadable or unsorted, or an example occurs twice.
    """
    runs = [run for run in (_Run(Path(path), seed) for path in paths) if not run.done]
    while runs:
        bound = min(run.complete_to for run in runs)
        table = pa.Table.from_batches([batch for run in runs for batch in run.take(bound)])
        keys = order_key(seed, table["example_id"].to_numpy())
        if (keys[1:] < keys[:-1]).any():
            order = np.argsort(keys, kind="stable")
            table, keys = table.take(pa.array(order)), keys[order]
        _refuse_twice(table, keys)
        yield table
        runs = [run for run in runs if not run.done]


def merge_many(
    paths: Sequence[Path], seed: int, encoding: Encoding, folder: Path, *, encrypted: bool = False
) -> Iterator[pa.Table]:
    """Stream like `merge_sorted`, over any number of files.

    More than a hundred or so files are first merged in batches into `folder`, so that neither memory nor
    the limit on open files is met; with `encrypted` these are encrypted.
    """
    while len(paths) > _FILES_AT_ONCE:
        folder.mkdir(exist_ok=True)
        merged = []
        begins = range(0, len(paths), _FILES_AT_ONCE)
        for begin in progress(begins, desc="merging parts", unit="batches"):
            batch = paths[begin : begin + _FILES_AT_ONCE]
            run = folder / f"{len(paths)}-{begin}.parquet"
            with open_writer(run, encoding, passing=True, encrypted=encrypted) as writer:
                for group in in_groups(merge_sorted(batch, seed), _ROWS_AT_ONCE):
                    writer.write_table(group)
            merged.append(run)
        paths = merged
    yield from merge_sorted(paths, seed)


def _refuse_twice(table: pa.Table, keys: npt.NDArray[np.uint64]) -> None:
    twice = np.flatnonzero(keys[1:] == keys[:-1])
    if twice.size:
        row = table.slice(int(twice[0]), 1).to_pylist()[0]
        raise InputError(
            f"parts: example {row['example_id']} ({row['sample']}, {row['contig']}:{row['start']}) "
            "occurs twice, once wanted; see that the regions of one sample do not overlap"
        )
