"""From the row groups of a block to arrays in batch order, each byte moved once."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from seqmill.shards.bytes_view import fixed_view, ragged_view
from seqmill.shards.schema import Column

_DTYPES: dict[str, Any] = {
    "int8": np.int8,
    "int32": np.int32,
    "uint64": np.uint64,
    "float32": np.float32,
    "string": object,
}


def empty_arrays(columns: tuple[Column, ...], rows: int) -> dict[str, npt.NDArray[Any]]:
    """Give uninitialised arrays for `rows` examples: [rows] for values, uint8 [rows, width] for payloads."""
    return {
        column.name: np.empty((rows, column.max_bytes or column.size), np.uint8)
        if column.is_payload
        else np.empty(rows, _DTYPES[column.kind])
        for column in columns
    }


def scatter(
    table: pa.Table,
    columns: tuple[Column, ...],
    targets: npt.NDArray[np.int64],
    arrays: dict[str, npt.NDArray[Any]],
) -> None:
    """Put the rows of a table where they belong.

    Parameters
    ----------
    table : pyarrow.Table
        n rows with `columns`.
    columns : tuple of Column
        What to move.
    targets : int64 array [n]
        Row of `arrays` that each row goes to; -1 leaves it out.
    arrays : dict
        From `empty_arrays`; filled in place. Ragged bytes are padded with zeros.

    Raises
    ------
    ValueError
        When a payload is longer than its column allows.
    """
    begin = 0
    for batch in table.to_batches():
        chunk = targets[begin : begin + batch.num_rows]
        begin += batch.num_rows
        for column in columns:
            _scatter_column(batch[column.name], column, chunk, arrays[column.name])


def _scatter_column(
    values: pa.Array, column: Column, targets: npt.NDArray[np.int64], out: npt.NDArray[Any]
) -> None:
    if column.kind == "binary":
        offsets, data = ragged_view(values)
        if np.diff(offsets).max(initial=0) > column.max_bytes:
            raise ValueError(f"{column.name}: a row is longer than {column.max_bytes} bytes")
        _scatter_ragged(data, offsets, targets, out)
    elif column.kind == "fixed":
        _scatter_fixed(fixed_view(values, column.size), targets, out)
    else:
        kept = targets >= 0
        out[targets[kept]] = values.to_numpy(zero_copy_only=column.kind != "string")[kept]


@njit(nogil=True, cache=True)
def _scatter_ragged(data, offsets, targets, out):  # type: ignore[no-untyped-def]
    for row in range(targets.size):
        target = targets[row]
        if target >= 0:
            length = offsets[row + 1] - offsets[row]
            out[target, :length] = data[offsets[row] : offsets[row + 1]]
            out[target, length:] = 0


@njit(nogil=True, cache=True)
def _scatter_fixed(data, targets, out):  # type: ignore[no-untyped-def]
    for row in range(targets.size):
        if targets[row] >= 0:
            out[targets[row]] = data[row]
