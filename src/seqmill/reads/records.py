"""One pass over decoded BAM records: those of a region into columns, each index checked before its use."""

import numpy as np
from numba import njit

from seqmill.reads.table import UNMAPPED, ReadColumns
from seqmill.reads.words import int32_at

FIXED = 36
"""Bytes of a record before its name, its own length included."""

NEED_BYTES, NEED_ROWS, PAST_REGION, BAD_SIZE, BAD_LAYOUT, BAD_PLACE, BAD_CIGAR, UNSORTED = range(8)
"""Why `decode_records` stopped; those in `PROBLEMS` mean that the input is at fault."""

PROBLEMS = {
    BAD_SIZE: ("a record of impossible size", "32 bytes to 256 MiB"),
    BAD_LAYOUT: ("a record whose name, CIGAR and bases are longer than itself", "parts that fit"),
    BAD_PLACE: ("a read on a contig or at a position that the header does not have", "contigs of the header"),
    BAD_CIGAR: (
        "a CIGAR that does not fit its read or the contig",
        "one base of the read for each it consumes",
    ),
    UNSORTED: ("a read that lies before the one ahead of it", "reads sorted by coordinate"),
}
"""What was found and what was wanted, by status."""

_REFERENCE = 0b110001101  # the operations M D N = X
_READ = 0b110010011  # the operations M I S = X
_MAX_LONG_CIGAR = 1 << 29
_MAX_SIZE = 1 << 28


@njit(cache=True, nogil=True)
def decode_records(
    rows: ReadColumns,
    size: int,
    at: int,
    row: int,
    latest: int,
    region: tuple[int, int, int],
    contigs: int,
    excluded: int,
    min_mapq: int,
) -> tuple[int, int, int, int]:
    """Decode records from a byte of the buffer on, until it is used up or the region is passed.

    Parameters
    ----------
    rows : ReadColumns
        The buffer, and columns with room for more rows than are filled.
    size : int
        Bytes of the buffer that are filled.
    at : int
        Where the next record begins in it.
    row : int
        Rows that are filled.
    latest : int
        Position of the last read on the contig, -1 before the first.
    region : (int, int, int)
        Number of the contig, start and end, 0-based half-open.
    contigs : int
        How many contigs the header has.
    excluded : int
        Reads with any of these SAM flags are left out.
    min_mapq : int
        Reads mapped with less confidence are left out.

    Returns
    -------
    (int, int, int, int)
        Why it stopped, and new values of `at`, `row` and `latest`. After `NEED_BYTES` or `NEED_ROWS` it can
        go on from there with a buffer that holds more, or columns with more room.
    """
    buffer, room = rows.buffer, len(rows.start)
    size = min(size, len(buffer))
    contig, start, end = region
    while at + 4 <= size:
        body = int32_at(buffer, at)
        if body < FIXED - 4 or body > _MAX_SIZE:
            return BAD_SIZE, at, row, latest
        behind = at + 4 + body
        if behind > size:
            break
        if row == room:
            return NEED_ROWS, at, row, latest
        on, position = int32_at(buffer, at + 4), int32_at(buffer, at + 8)
        if on != contig:
            if on < -1 or on >= contigs:
                return BAD_PLACE, at, row, latest
            if on == -1 or on > contig:
                return PAST_REGION, at, row, latest
            at = behind
            continue
        if position >= end:
            return PAST_REGION, at, row, latest
        if position < latest:
            return BAD_PLACE if position < -1 else UNSORTED, at, row, latest
        latest = position
        counts, layout = int32_at(buffer, at + 16), int32_at(buffer, at + 12)
        flag, mapq = counts >> 16 & 0xFFFF, layout >> 8 & 0xFF
        if flag & excluded or mapq < min_mapq:
            at = behind
            continue
        name_size, operations, bases = layout & 0xFF, counts & 0xFFFF, int32_at(buffer, at + 20)
        name = at + FIXED
        cigar = name + name_size
        sequence = cigar + 4 * operations
        qualities = sequence + (bases + 1) // 2
        tags = qualities + bases
        if name_size < 1 or bases < 0 or tags > behind:
            return BAD_LAYOUT, at, row, latest
        if operations > 0:
            first = int32_at(buffer, cigar) & 0xFFFFFFFF
            if first & 15 == 4 and first >> 4 == bases and position >= 0:
                long_at, long_count = _long_cigar(buffer, tags, behind, operations)
                if long_count:
                    cigar, operations = long_at, long_count
        span, consumed, known = np.int64(0), np.int64(0), True
        for k in range(operations):
            word = int32_at(buffer, cigar + 4 * k) & 0xFFFFFFFF
            operation, count = word & 15, word >> 4
            known &= operation <= 8
            span += count * (_REFERENCE >> operation & 1)
            consumed += count * (_READ >> operation & 1)
        if flag & UNMAPPED:
            if (bases and consumed != bases) or not known:
                operations = 0
            span = np.int64(0)
        elif position < 0:
            return BAD_PLACE, at, row, latest
        elif not known or (bases and operations and consumed != bases) or position + span > 0x7FFFFFFF:
            return BAD_CIGAR, at, row, latest
        if position + max(span, 1) > start:
            rows.start[row] = position
            rows.end[row] = position + span
            rows.flag[row] = flag
            rows.mapq[row] = mapq
            rows.insert_size[row] = int32_at(buffer, at + 32)
            rows.name_at[row] = name
            rows.cigar_at[row] = cigar
            rows.bases_at[row] = sequence
            rows.qualities_at[row] = qualities
            rows.name_length[row] = name_size - 1
            rows.cigar_length[row] = operations
            rows.length[row] = bases
            rows.tags_length[row] = behind - tags
            row += 1
        at = behind
    return NEED_BYTES, at, row, latest


@njit(cache=True, nogil=True)
def _long_cigar(buffer: np.ndarray, tags: int, behind: int, operations: int) -> tuple[int, int]:
    """Give place and length of a CIGAR that the tag CG holds (SAM specification 4.2.2), or zeros."""
    at = find_tag_between(buffer, tags, behind, 67, 71)
    if at < 0 or buffer[at] != 66 or (buffer[at + 1] != 73 and buffer[at + 1] != 105):
        return 0, 0
    count = int32_at(buffer, at + 2)
    return (at + 6, count) if operations <= count < _MAX_LONG_CIGAR else (0, 0)


@njit(cache=True, nogil=True)
def find_tag_between(buffer: np.ndarray, at: int, end: int, first: int, second: int) -> int:
    """Walk the tags that lie between two bytes (SAM specification 4.2.4).

    Parameters
    ----------
    buffer : np.ndarray, uint8
        Holds them.
    at, end : int
        Where they begin and end.
    first, second : int
        The two characters of the tag.

    Returns
    -------
    int
        Where the tag's type is, with its whole value before `end`; -1 when the tag is not there, -2 when the
        tags before it are damaged.
    """
    while at + 3 <= end:
        value = behind_tag(buffer, at, end)
        if value < 0:
            return -2
        if buffer[at] == first and buffer[at + 1] == second:
            return at + 2
        at = value
    return -1 if at == end else -2


@njit(cache=True, nogil=True)
def behind_tag(buffer: np.ndarray, at: int, end: int) -> int:
    """Give where the tag at `at` ends, -1 when it is damaged or reaches beyond `end`."""
    kind = buffer[at + 2]
    value = at + 3
    if kind == 65 or kind == 67 or kind == 99:  # A C c
        value += 1
    elif kind == 83 or kind == 115:  # S s
        value += 2
    elif kind == 73 or kind == 105 or kind == 102:  # I i f
        value += 4
    elif kind == 90 or kind == 72:  # Z H
        while value < end and buffer[value] != 0:
            value += 1
        value += 1
    elif kind == 66:  # B
        if value + 5 > end:
            return -1
        element, count = buffer[value], int32_at(buffer, value + 1)
        width = 0
        if element == 67 or element == 99:
            width = 1
        elif element == 83 or element == 115:
            width = 2
        elif element == 73 or element == 105 or element == 102:
            width = 4
        if width == 0 or count < 0:
            return -1
        value += 5 + width * count
    else:
        return -1
    return value if value <= end else -1


@njit(cache=True, nogil=True)
def measure_carried(rows: ReadColumns, filled: int, reach: int) -> tuple[int, int]:
    """Count bytes and rows, among the first `filled`, of the reads that reach over or lie behind `reach`."""
    size, count = 0, 0
    for row in range(filled):
        if max(rows.end[row], rows.start[row] + 1) > reach:
            size += 4 + int32_at(rows.buffer, rows.name_at[row] - FIXED)
            count += 1
    return size, count


@njit(cache=True, nogil=True)
def carry_records(source: ReadColumns, filled: int, reach: int, target: ReadColumns) -> None:
    """Copy the reads that `measure_carried` counts, records and rows, to the beginning of `target`."""
    to, k = 0, 0
    for row in range(filled):
        if max(source.end[row], source.start[row] + 1) <= reach:
            continue
        begin = source.name_at[row] - FIXED
        size = 4 + int32_at(source.buffer, begin)
        target.buffer[to : to + size] = source.buffer[begin : begin + size]
        target.start[k] = source.start[row]
        target.end[k] = source.end[row]
        target.flag[k] = source.flag[row]
        target.mapq[k] = source.mapq[row]
        target.insert_size[k] = source.insert_size[row]
        target.name_at[k] = source.name_at[row] - begin + to
        target.cigar_at[k] = source.cigar_at[row] - begin + to
        target.bases_at[k] = source.bases_at[row] - begin + to
        target.qualities_at[k] = source.qualities_at[row] - begin + to
        target.name_length[k] = source.name_length[row]
        target.cigar_length[k] = source.cigar_length[row]
        target.length[k] = source.length[row]
        target.tags_length[k] = source.tags_length[row]
        to += size
        k += 1
