"""The columns that alignments are decoded into, and the room they are decoded in."""

import sys
from typing import NamedTuple

import numpy as np

UNMAPPED, SECONDARY, QC_FAIL, DUPLICATE, SUPPLEMENTARY = 0x4, 0x100, 0x200, 0x400, 0x800
EXCLUDED = UNMAPPED | SECONDARY | QC_FAIL | DUPLICATE | SUPPLEMENTARY

_TYPES = {
    "start": np.int32,
    "end": np.int32,
    "flag": np.uint16,
    "mapq": np.uint8,
    "insert_size": np.int32,
    "name_at": np.int64,
    "cigar_at": np.int64,
    "bases_at": np.int64,
    "qualities_at": np.int64,
    "name_length": np.int32,
    "cigar_length": np.int32,
    "length": np.int32,
    "tags_length": np.int32,
}

_TYPICAL_RECORD = 256  # bytes


class ReadColumns(NamedTuple):
    """Aligned reads of one contig, sorted by start; `n` reads, each field an array over them.

    A named tuple, so that compiled kernels take it as one argument.

    Attributes
    ----------
    buffer : np.ndarray, uint8
        The decoded records (BAM specification 4.2); the offsets below point into it.
    start, end : np.ndarray, int32, shape (n,)
        Reference span of the alignment, 0-based half-open; empty for a read that is not mapped.
    flag : np.ndarray, uint16, shape (n,)
        SAM flags.
    mapq : np.ndarray, uint8, shape (n,)
        Mapping quality.
    insert_size : np.ndarray, int32, shape (n,)
        Signed template length.
    name_at, cigar_at, bases_at, qualities_at : np.ndarray, int64, shape (n,)
        Where the name, the CIGAR, the 4-bit bases and the qualities begin in `buffer`. A CIGAR too long for
        its field lies among the tags. All parts lie inside the buffer; a CIGAR consumes as many bases as its
        read has, unless the read has none. A first quality of 255 says that the read has no qualities.
    name_length, cigar_length, length : np.ndarray, int32, shape (n,)
        Bytes of the name without its closing zero, CIGAR operations, bases of the read.
    tags_length : np.ndarray, int32, shape (n,)
        Bytes of the tags, which lie behind the qualities; `seqmill.reads.tags` finds them.
    """

    buffer: np.ndarray
    start: np.ndarray
    end: np.ndarray
    flag: np.ndarray
    mapq: np.ndarray
    insert_size: np.ndarray
    name_at: np.ndarray
    cigar_at: np.ndarray
    bases_at: np.ndarray
    qualities_at: np.ndarray
    name_length: np.ndarray
    cigar_length: np.ndarray
    length: np.ndarray
    tags_length: np.ndarray

    @property
    def n(self) -> int:
        """How many reads there are."""
        return len(self.start)

    def select(self, keep: np.ndarray) -> "ReadColumns":
        """Give the reads where the boolean array `keep` is true; the buffer is shared."""
        return ReadColumns(self.buffer, *(array[keep] for array in self[1:]))


def make_room(size: int, rows: int) -> ReadColumns:
    """Give columns of undefined content: `size` bytes of buffer, `rows` rows."""
    return ReadColumns(
        np.empty(size, np.uint8), *(np.empty(rows, _TYPES[name]) for name in ReadColumns._fields[1:])
    )


def with_size(columns: ReadColumns, size: int, filled: int) -> ReadColumns:
    """Give the same rows over a buffer of `size` bytes whose first `filled` bytes are copied."""
    buffer = np.empty(size, np.uint8)
    buffer[:filled] = columns.buffer[:filled]
    return columns._replace(buffer=buffer)


def with_rows(columns: ReadColumns, rows: int, filled: int) -> ReadColumns:
    """Give the same buffer with room for `rows` rows, the first `filled` of them copied."""
    arrays = []
    for column in columns[1:]:
        array = np.empty(rows, column.dtype)
        array[:filled] = column[:filled]
        arrays.append(array)
    return ReadColumns(columns.buffer, *arrays)


class Rooms:
    """Rooms used over again once nobody holds an array of them: fresh memory costs as much as decoding.

    Parameters
    ----------
    size : int
        Bytes of the first buffer; later ones are as large as the largest given back.
    """

    _KEPT = 3

    def __init__(self, size: int) -> None:
        self._size, self._rows = size, 0
        self._rooms: list[ReadColumns] = []

    def take(self, size: int = 0) -> ReadColumns:
        """Give a room that nobody holds, for `size` bytes or more."""
        for number, room in enumerate(self._rooms):
            if len(room.buffer) >= size and _holders(room) <= _NOBODY:
                return self._rooms.pop(number)
        size = max(size, self._size)
        return make_room(size, max(self._rows, size // _TYPICAL_RECORD))

    def give_back(self, room: ReadColumns) -> None:
        """Take a room back; arrays of it may still be in use."""
        self._size = max(self._size, len(room.buffer))
        self._rows = max(self._rows, len(room.start))
        self._rooms = [*self._rooms, room][-self._KEPT :]


def _holders(room: ReadColumns) -> int:
    """Count the references to the array of the room that has the most."""
    return max(sys.getrefcount(array) for array in room)


_NOBODY = _holders(make_room(0, 0))
