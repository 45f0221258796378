"""The bytes of an Arrow column, seen as an array and made of one, without copying them."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.shards.schema import Column


def ragged_view(array: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """View a string or binary array as offsets and bytes.

    Parameters
    ----------
    array : pyarrow string or large binary array of n rows without nulls
        May be a slice of another array.

    Returns
    -------
    offsets : int64 array [n + 1]
        Row i holds ``data[offsets[i]:offsets[i + 1]]``.
    data : uint8 array
        Read-only view; it keeps the Arrow buffer alive.
    """
    width = np.int64 if pa.types.is_large_binary(array.type) else np.int32
    _, offsets, data = array.buffers()
    if not len(array):
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    start, stop = array.offset, array.offset + len(array) + 1
    view = np.frombuffer(offsets, width, count=stop)[start:]
    return view.astype(np.int64, copy=False), _read_only(data)


def fixed_view(array: pa.Array, size: int) -> npt.NDArray[np.uint8]:
    """View a fixed-size binary array of n rows without nulls as a read-only uint8 array [n, size]."""
    data = _read_only(array.buffers()[1])
    return data[array.offset * size : (array.offset + len(array)) * size].reshape(len(array), size)


def fixed_rows(rows: npt.NDArray[np.uint8]) -> pa.FixedSizeBinaryArray:
    """Give rows of bytes, uint8 [n, size], as a fixed-size binary array; the bytes are not copied."""
    data = pa.py_buffer(np.ascontiguousarray(rows))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(rows.shape[1]), len(rows), [None, data])


def content_bytes(array: pa.Array, column: Column) -> list[memoryview]:
    """Give the logical content of an array as bytes: equal for equal values, however they are laid out."""
    if column.kind in ("string", "binary", "cells"):
        offsets, data = ragged_view(array)
        return [memoryview(np.diff(offsets)).cast("B"), memoryview(data[offsets[0] : offsets[-1]])]
    if column.stored_bytes:
        return [memoryview(fixed_view(array, column.stored_bytes)).cast("B")]
    return [memoryview(np.ascontiguousarray(array.to_numpy())).cast("B")]


def _read_only(buffer: pa.Buffer | None) -> npt.NDArray[np.uint8]:
    view = np.frombuffer(buffer or b"", np.uint8)
    view.flags.writeable = False
    return view
