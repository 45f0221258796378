"""From row groups to batch arrays: payload bytes are read, kept packed, and padded into each batch."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from seqmill.shards.bytes_view import fixed_view, ragged_view
from seqmill.shards.schema import Column

Batch = dict[str, npt.NDArray[Any]]

_DTYPES: dict[str, Any] = {
    "int8": np.int8,
    "int32": np.int32,
    "uint64": np.uint64,
    "float32": np.float32,
    "string": object,
}


def empty_batch(columns: tuple[Column, ...], rows: int) -> Batch:
    """Give uninitialised arrays for `rows` examples: [rows] for values, uint8 [rows, width] for payloads."""
    return {
        column.name: np.empty((rows, column.max_bytes or column.size), np.uint8)
        if column.is_payload
        else np.empty(rows, _DTYPES[column.kind])
        for column in columns
    }


class ByteStore:
    """Bytes appended to one growing buffer, which is used again for the next block."""

    def __init__(self) -> None:
        self.data = np.empty(1 << 20, np.uint8)
        self._end = 0

    def clear(self) -> None:
        """Forget the bytes and keep the buffer."""
        self._end = 0

    def append(self, found: npt.NDArray[np.uint8]) -> int:
        """Copy bytes behind those already there and give the position of the first."""
        begin, self._end = self._end, self._end + found.size
        if self._end > self.data.size:
            larger = np.empty(max(self._end, 2 * self.data.size), np.uint8)
            larger[:begin] = self.data[:begin]
            self.data = larger
        self.data[begin : self._end] = found
        return begin


class RowBlock:
    """Rows of a block in the order in which batches take them.

    Parameters
    ----------
    columns : tuple of Column
        Columns of the batches.
    rows : int
        How many rows the block keeps.
    stores : dict of str to ByteStore
        A buffer for each payload column, cleared here; a block that is used up hands it to another.
    """

    def __init__(self, columns: tuple[Column, ...], rows: int, stores: dict[str, ByteStore]) -> None:
        self.rows = rows
        self.stores = stores
        self._columns = columns
        self._values = {
            column.name: np.empty(rows, _DTYPES[column.kind]) for column in columns if not column.is_payload
        }
        payloads = [column.name for column in columns if column.is_payload]
        self._begins = {name: np.empty(rows, np.int64) for name in payloads}
        self._lengths = {name: np.empty(rows, np.int64) for name in payloads}
        for name in payloads:
            stores.setdefault(name, ByteStore()).clear()

    def add(self, table: pa.Table, targets: npt.NDArray[np.int64]) -> None:
        """Take rows of a row group.

        Parameters
        ----------
        table : pyarrow.Table
            n rows with the block's columns.
        targets : int64 array [n]
            Place of each row in the block; -1 leaves it out.

        Raises
        ------
        ValueError
            When a payload is longer than its column allows.
        """
        first = 0
        for batch in table.to_batches():
            places = targets[first : first + batch.num_rows]
            first += batch.num_rows
            kept = np.flatnonzero(places >= 0)
            for column in self._columns:
                values = batch[column.name]
                if column.is_payload:
                    self._add_payload(column, values, kept, places[kept])
                else:
                    numbers = values.to_numpy(zero_copy_only=column.kind != "string")
                    self._values[column.name][places[kept]] = numbers[kept]

    def fill(self, batch: Batch, at: int, begin: int, end: int) -> None:
        """Write rows ``[begin, end)`` of the block into a batch, from its row `at` on, padding with zeros."""
        until = at + end - begin
        for name, values in self._values.items():
            batch[name][at:until] = values[begin:end]
        for name, begins in self._begins.items():
            lengths = self._lengths[name][begin:end]
            _gather(self.stores[name].data, begins[begin:end], lengths, batch[name][at:until])

    def _add_payload(
        self, column: Column, values: pa.Array, kept: npt.NDArray[np.int64], places: npt.NDArray[np.int64]
    ) -> None:
        if column.kind == "fixed":
            data = fixed_view(values, column.size).reshape(-1)
            offsets = np.arange(len(values) + 1) * column.size
        else:
            offsets, data = ragged_view(values)
        lengths = np.diff(offsets)
        widest = column.max_bytes or column.size
        if lengths.max(initial=0) > widest:
            raise ValueError(f"{column.name}: a row is longer than {widest} bytes")
        shift = self.stores[column.name].append(data[offsets[0] : offsets[-1]]) - offsets[0]
        self._begins[column.name][places] = offsets[kept] + shift
        self._lengths[column.name][places] = lengths[kept]


@njit(nogil=True, cache=True)
def _gather(data, begins, lengths, out):  # type: ignore[no-untyped-def]
    """Copy ragged rows into the padded rows of `out`; unsigned places let the loops become block copies."""
    width = np.uint64(out.shape[1])
    flat = out.reshape(-1)
    for row in range(begins.size):
        begin, length = np.uint64(begins[row]), np.uint64(lengths[row])
        at = np.uint64(row) * width
        for i in range(length):
            flat[at + i] = data[begin + i]
        for i in range(length, width):
            flat[at + i] = 0
