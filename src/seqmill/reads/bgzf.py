"""BGZF (SAM specification 4.1): blocks found and inflated into one array of bytes.

Of each block are checked: its gzip header and size field, the length and the CRC-32 of what it inflates to.
"""

import os
import zlib
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numba import njit

from seqmill.errors import InputError
from seqmill.reads import libdeflate

MAX_BLOCK = 1 << 16
"""Most bytes of a block, compressed or inflated."""

_READ = 1 << 18
_OK, _CUT, _FOREIGN, _OVERLONG, _BAD_DATA, _BAD_SUM = range(6)
_AGAIN = "copy or download the file again, or write it anew with samtools view"


class Blocks(NamedTuple):
    """Consecutive BGZF blocks as read from a file.

    Attributes
    ----------
    raw : np.ndarray, uint8
        The compressed bytes; shared with the reader, so good until its next `scan`.
    offset : int
        Where `raw` begins in the file.
    data_at, data_size, size : np.ndarray, int64, shape (n,)
        Where the deflated bytes of each block begin in `raw`, how many they are, and what they inflate to.
    next_offset : int
        Where the next block begins in the file.
    """

    raw: np.ndarray
    offset: int
    data_at: np.ndarray
    data_size: np.ndarray
    size: np.ndarray
    next_offset: int

    @property
    def inflated(self) -> int:
        """Bytes that all of them inflate to."""
        return int(self.size.sum())


class BgzfReader:
    """A BGZF file, read in runs of blocks.

    Parameters
    ----------
    path : path
        The file.

    Raises
    ------
    InputError
        When there is no such file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        try:
            self._file = open(self.path, "rb", buffering=0)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be opened ({error.strerror}); correct its path") from None
        self._raw = np.empty(_READ, np.uint8)
        self._table = np.empty((_READ // 26, 3), np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def scan(self, offset: int, until: int | None = None) -> Blocks | None:
        """Read the next run of blocks.

        Parameters
        ----------
        offset : int
            Where in the file the first block begins.
        until : int, optional
            Blocks that begin here or later are left out; without it all are wanted.

        Returns
        -------
        Blocks or None
            At least one block, or None when none is left.

        Raises
        ------
        InputError
            When the bytes are no BGZF block, or the last block is cut short.
        """
        if until is not None and offset >= until:
            return None
        self._file.seek(offset)
        wanted = _READ if until is None else min(_READ, until - offset + MAX_BLOCK)
        filled = 0
        while filled < wanted and (got := self._file.readinto(memoryview(self._raw)[filled:wanted])):
            filled += got
        if not filled:
            if until is None:
                return None
            raise self._error(offset, "the end of the file", f"BGZF blocks up to byte {until:,}")
        last = filled if until is None else min(until - offset, filled)
        status, count, at = _scan(self._raw[:filled], last, self._table)
        if status == _CUT and count == 0:
            found = f"a block cut short after {filled - at:,} bytes"
            raise self._error(offset + at, found, "a whole BGZF block")
        if status not in (_OK, _CUT) and count == 0:
            found = self._raw[at : at + 4].tobytes().hex(" ")
            wanted_block = "a BGZF block, beginning with 1f 8b 08 04 and holding at most 65,536 bytes"
            raise self._error(offset + at, found, wanted_block)
        data_at, data_size, size = self._table[:count].T
        return Blocks(self._raw[:filled], offset, data_at, data_size, size, offset + at)

    def inflate(self, blocks: Blocks, out: np.ndarray, at: int) -> int:
        """Inflate blocks one behind the other.

        Parameters
        ----------
        blocks : Blocks
            As `scan` gave them.
        out : np.ndarray, uint8
            Takes the bytes; has room for `blocks.inflated` of them.
        at : int
            Where in `out` they begin.

        Returns
        -------
        int
            Where in `out` they end.

        Raises
        ------
        InputError
            When a block does not inflate to the length and CRC-32 that it states.
        """
        if at < 0 or at + blocks.inflated > len(out):
            raise ValueError(f"{blocks.inflated} bytes do not fit into {len(out)} from {at}")
        status, bad, end = INFLATE(blocks.raw, blocks.data_at, blocks.data_size, blocks.size, out, at)
        if status != _OK:
            where = blocks.offset + int(blocks.data_at[bad])
            found = "other bytes" if status == _BAD_SUM else "no such deflated bytes"
            raise self._error(where, found, f"{int(blocks.size[bad]):,} bytes with the CRC-32 of the block")
        return int(end)

    def _error(self, offset: int, found: str, wanted: str) -> InputError:
        return InputError(f"{self.path}: byte {offset:,}: found {found}, wanted {wanted}; {_AGAIN}")


@njit(cache=True, nogil=True)
def _scan(raw: np.ndarray, last: int, table: np.ndarray) -> tuple[int, int, int]:
    """Fill the table with the blocks that begin before `last`; gives status, blocks, where they end."""
    at, count, size = 0, 0, len(raw)
    while at < last and count < len(table):
        if at + 18 > size:
            return _CUT, count, at
        if raw[at] != 31 or raw[at + 1] != 139 or raw[at + 2] != 8 or raw[at + 3] != 4:
            return _FOREIGN, count, at
        fields, end = at + 12, at + 12 + (raw[at + 10] | np.int64(raw[at + 11]) << 8)
        if end > size:
            return _CUT, count, at
        block = np.int64(0)
        field = fields
        while field + 4 <= end:
            length = raw[field + 2] | np.int64(raw[field + 3]) << 8
            if raw[field] == 66 and raw[field + 1] == 67 and length == 2 and field + 6 <= end:
                block = (raw[field + 4] | np.int64(raw[field + 5]) << 8) + 1
            field += 4 + length
        deflated = block - (end - at) - 8
        if deflated < 1:
            return _FOREIGN, count, at
        if at + block > size:
            return _CUT, count, at
        inflated = np.int64(0)
        for k in range(4):
            inflated |= np.int64(raw[at + block - 4 + k]) << (8 * k)
        if inflated > MAX_BLOCK:
            return _OVERLONG, count, at
        table[count, 0] = end
        table[count, 1] = deflated
        table[count, 2] = inflated
        count += 1
        at += block
    return _OK, count, at


@njit(cache=True, nogil=True)
def _inflate_compiled(
    raw: np.ndarray,
    data_at: np.ndarray,
    data_size: np.ndarray,
    size: np.ndarray,
    out: np.ndarray,
    at: int,
) -> tuple[int, int, int]:
    """Inflate in one go with libdeflate; gives status, the bad block, and where the bytes end."""
    source, target = np.uintp(raw.ctypes.data), np.uintp(out.ctypes.data)
    decompressor = libdeflate.alloc_decompressor()
    if decompressor == 0:
        raise MemoryError()
    status, bad = _OK, 0
    for block in range(len(size)):
        begin, length = source + np.uintp(data_at[block]), np.uintp(data_size[block])
        place, inflated = target + np.uintp(at), np.uintp(size[block])
        if libdeflate.deflate_decompress(decompressor, begin, length, place, inflated, np.uintp(0)) != 0:
            status, bad = _BAD_DATA, block
            break
        wanted = np.uint32(0)
        for k in range(4):
            wanted |= np.uint32(raw[data_at[block] + data_size[block] + k]) << np.uint32(8 * k)
        if libdeflate.crc32(np.uint32(0), place, inflated) != wanted:
            status, bad = _BAD_SUM, block
            break
        at += size[block]
    libdeflate.free_decompressor(decompressor)
    return status, bad, at


def inflate_with(
    decompress: Callable[[memoryview, int], bytes], *failures: type[Exception]
) -> Callable[..., tuple[int, int, int]]:
    """Make an inflater of runs of blocks from a function that inflates one.

    Parameters
    ----------
    decompress : callable
        Takes deflated bytes and the length they inflate to.
    failures : exception types
        What it raises for damaged bytes.
    """

    def inflate(
        raw: np.ndarray,
        data_at: np.ndarray,
        data_size: np.ndarray,
        size: np.ndarray,
        out: np.ndarray,
        at: int,
    ) -> tuple[int, int, int]:
        source, target = memoryview(raw), memoryview(out)
        for block, (begin, length, inflated) in enumerate(
            zip(data_at.tolist(), data_size.tolist(), size.tolist(), strict=True)
        ):
            end = begin + length
            try:
                data = decompress(source[begin:end], inflated)
            except failures:
                return _BAD_DATA, block, at
            if len(data) != inflated:
                return _BAD_DATA, block, at
            if zlib.crc32(data) != int.from_bytes(source[end : end + 4], "little"):
                return _BAD_SUM, block, at
            target[at : at + inflated] = data
            at += inflated
        return _OK, 0, at

    return inflate


def _inflaters() -> dict[str, Callable[..., tuple[int, int, int]]]:
    """Give the inflaters that work here, the fastest first."""
    found: dict[str, Callable[..., tuple[int, int, int]]] = {}
    if libdeflate.AVAILABLE:
        found["libdeflate"] = _inflate_compiled
    try:
        from deflate import DeflateError, deflate_decompress

        found["deflate"] = inflate_with(deflate_decompress, DeflateError)
    except ImportError:
        pass
    try:
        from isal import isal_zlib

        found["isal"] = inflate_with(
            lambda data, size: isal_zlib.decompress(data, -15, max(size, 1)), isal_zlib.error
        )
    except ImportError:
        pass
    found["zlib"] = inflate_with(lambda data, size: zlib.decompress(data, -15, max(size, 1)), zlib.error)
    return found


INFLATERS = _inflaters()
"""Inflaters by name, the fastest first."""
INFLATE = next(iter(INFLATERS.values()))
