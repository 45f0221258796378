"""From row groups to batch arrays: payload bytes stay where Arrow decoded them until a batch takes them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from seqmill.shards.bases import unpack_bases
from seqmill.shards.bytes_view import fixed_view, ragged_view
from seqmill.shards.cells import decoding_table, unpack_cells, unpacked_size
from seqmill.shards.schema import Column

Batch = dict[str, npt.NDArray[Any]]
Rows = npt.NDArray[np.int64]

_DTYPES: dict[str, Any] = {
    "int8": np.int8,
    "int32": np.int32,
    "uint64": np.uint64,
    "float32": np.float32,
    "string": object,
}


def batch_layout(columns: tuple[Column, ...], rows: int) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Give shape and dtype of each array of a batch: [rows] for values, uint8 [rows, width] for payloads."""
    return {
        column.name: ((rows, column.width), np.uint8)
        if column.is_payload
        else ((rows,), _DTYPES[column.kind])
        for column in columns
    }


def empty_batch(columns: tuple[Column, ...], rows: int) -> Batch:
    """Give uninitialised arrays for `rows` examples."""
    return {name: np.empty(*layout) for name, layout in batch_layout(columns, rows).items()}


class RowBlock:
    """Rows in the order they were added, from which batches pick.

    Parameters
    ----------
    columns : tuple of Column
        Columns of the batches.
    rows : int
        How many rows are going to be added or skipped.
    """

    def __init__(self, columns: tuple[Column, ...], rows: int) -> None:
        self._columns = columns
        self._values = {
            column.name: np.empty(rows, _DTYPES[column.kind]) for column in columns if not column.is_payload
        }
        payloads = [column.name for column in columns if column.is_payload]
        self._addresses = {name: np.zeros(rows, np.int64) for name in payloads}
        self._lengths = {name: np.zeros(rows, np.int64) for name in payloads}
        self._alive: list[pa.RecordBatch] = []
        self._end = 0

    @classmethod
    def joined(cls, blocks: Sequence["RowBlock"]) -> "RowBlock":
        """Give one block with the rows of several, at least one, of the same columns."""
        whole = cls(blocks[0]._columns, 0)
        for name in whole._values:
            whole._values[name] = np.concatenate([block._values[name] for block in blocks])
        for name in whole._addresses:
            whole._addresses[name] = np.concatenate([block._addresses[name] for block in blocks])
            whole._lengths[name] = np.concatenate([block._lengths[name] for block in blocks])
        whole._alive = [batch for block in blocks for batch in block._alive]
        whole._end = sum(block._end for block in blocks)
        return whole

    def add(self, table: pa.Table) -> None:
        """Add the rows of a row group, which has the block's columns; its payload bytes are not copied.

        Raises
        ------
        ValueError
            When a payload is longer than its column allows.
        """
        for batch in table.to_batches():
            begin, self._end = self._end, self._end + batch.num_rows
            for column in self._columns:
                values = batch[column.name]
                if column.is_payload:
                    self._point(column, values, begin)
                else:
                    numbers = values.to_numpy(zero_copy_only=column.kind != "string")
                    self._values[column.name][begin : self._end] = numbers
            self._alive.append(batch)

    def skip(self, rows: int) -> None:
        """Leave out rows that nobody is going to pick."""
        self._end += rows

    def fill(self, batch: Batch, at: int, picked: Rows) -> None:
        """Write rows of the block into a batch, from its row `at` on, payloads padded with zeros.

        Parameters
        ----------
        batch : dict of str to array
            Arrays as of `empty_batch`, each contiguous.
        at : int
            First row to write.
        picked : int64 array [n]
            Rows of the block that were added, in the order wanted.

        Raises
        ------
        IndexError
            When the batch or the block has no such row.
        """
        if picked.size and int(picked.view(np.uint64).max()) >= self._end:  # a negative row is a huge one
            raise IndexError(f"rows of a block of {self._end}, found {picked.min()} to {picked.max()}")
        until = at + len(picked)
        for name, values in self._values.items():
            np.take(values, picked, out=batch[name][at:until], mode="clip")
        for column in self._columns:
            name = column.name
            if not column.is_payload:
                continue
            out = batch[name][at:until]
            if len(out) < len(picked):
                raise IndexError(f"{name}: rows {at} to {until} wanted of a batch of {len(batch[name])}")
            places = self._addresses[name], self._lengths[name], picked
            if column.kind == "cells":
                _unpack_cells(*places, column.size, column.plain, out)
            else:
                (_unpack_bases if column.kind == "bases" else _gather)(*places, out)

    def _point(self, column: Column, values: pa.Array, begin: int) -> None:
        """Note where the payloads lie; every place that a kernel will read is checked here."""
        addresses, lengths = _located(column, values)
        sizes = _loaded(column, addresses, lengths)
        if sizes.min(initial=0) < 0:
            raise ValueError(f"{column.name}: a row is not whole")
        widest = column.max_bytes or column.stored_bytes
        if sizes.max(initial=0) > widest:
            raise ValueError(f"{column.name}: a row is longer than {widest} bytes")
        self._addresses[column.name][begin : self._end] = addresses
        self._lengths[column.name][begin : self._end] = lengths


def loaded_sizes(column: Column, values: pa.Array) -> npt.NDArray[np.int64]:
    """Give the bytes that each row of a payload has when loaded, without padding; -1 for one not whole."""
    return _loaded(column, *_located(column, values))


def _located(column: Column, values: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give address and length of each stored row."""
    if column.stored_bytes:
        data = fixed_view(values, column.stored_bytes).reshape(-1)
        offsets = np.arange(len(values) + 1) * column.stored_bytes
    else:
        offsets, data = ragged_view(values)
    lengths = np.diff(offsets)
    if lengths.min(initial=0) < 0 or offsets[0] < 0 or offsets[-1] > data.size:
        raise ValueError(f"{column.name}: a row lies outside its column's bytes")
    return data.ctypes.data + offsets[:-1], lengths


def _loaded(
    column: Column, addresses: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    if column.kind != "cells":
        return lengths
    return _unpacked_sizes(addresses, lengths, column.size, column.plain)


@intrinsic
def _bytes_at(typing_context, address):  # type: ignore[no-untyped-def]
    """Turn an address into a pointer to bytes."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.CPointer(types.uint8)(types.int64), generate


@njit(nogil=True, cache=True)
def _gather(addresses, lengths, picked, out):  # type: ignore[no-untyped-def]
    """Copy ragged rows into the padded rows of `out`; unsigned places let the loops become block copies."""
    width = np.uint64(out.shape[1])
    flat = out.reshape(-1)
    for row, chosen in enumerate(picked):
        length = np.uint64(lengths[chosen])
        data = carray(_bytes_at(addresses[chosen]), lengths[chosen])
        at = np.uint64(row) * width
        for i in range(length):
            flat[at + i] = data[i]
        for i in range(length, width):
            flat[at + i] = 0


@njit(nogil=True, cache=True)
def _unpacked_sizes(addresses, lengths, cells, plain):  # type: ignore[no-untyped-def]
    """Give the bytes of each row of cells unpacked, -1 for one that is not whole."""
    sizes = np.empty(addresses.size, np.int64)
    for row in range(addresses.size):
        sizes[row] = unpacked_size(carray(_bytes_at(addresses[row]), lengths[row]), cells, plain)
    return sizes


@njit(nogil=True, cache=True)
def _unpack_cells(addresses, lengths, picked, cells, plain, out):  # type: ignore[no-untyped-def]
    """Unpack rows of cells into the padded rows of `out`."""
    table = decoding_table()
    for row, chosen in enumerate(picked):
        packed = carray(_bytes_at(addresses[chosen]), lengths[chosen])
        out[row, unpack_cells(packed, cells, plain, table, out[row]) :] = 0


@njit(nogil=True, cache=True)
def _unpack_bases(addresses, lengths, picked, out):  # type: ignore[no-untyped-def]
    """Unpack rows of bases into the rows of `out`."""
    for row, chosen in enumerate(picked):
        unpack_bases(carray(_bytes_at(addresses[chosen]), lengths[chosen]), out[row])
