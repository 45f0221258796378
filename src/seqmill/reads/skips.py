"""Skipped stretches of alignments (operation N), with what is aligned on either side."""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.reads.records import find_tag_between
from seqmill.reads.table import ReadColumns
from seqmill.reads.words import int32_at

_ALIGNED = 0b110000001  # the operations M = X
_REFERENCE = 0b110001101  # the operations M D N = X
_SKIP = 3


class Skips(NamedTuple):
    """Skipped stretches of reads; `n` of them, in the order of the reads.

    Attributes
    ----------
    row : np.ndarray, int64, shape (n,)
        The read.
    start, end : np.ndarray, int32, shape (n,)
        0-based half-open.
    overhang : np.ndarray, int32, shape (n,)
        Aligned bases of the read up to its next skipped stretch or end, on the side that has fewer.
    short_intron, long_intron, short_anchor : int
        How many were left out for their length or their overhang.
    """

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    overhang: np.ndarray
    short_intron: int
    long_intron: int
    short_anchor: int


@njit(cache=True, nogil=True)
def spliced(columns: ReadColumns) -> np.ndarray:
    """Say for each read whether its alignment skips anything: bool, shape (n,)."""
    found = np.zeros(len(columns.start), np.bool_)
    for row in range(len(found)):
        for k in range(columns.cigar_length[row]):
            found[row] |= (columns.buffer[columns.cigar_at[row] + 4 * k] & 15) == _SKIP
    return found


def find_skips(columns: ReadColumns, min_length: int, max_length: int, anchor: int) -> Skips:
    """Find the skipped stretches of `min_length` to `max_length` bases that have an overhang of `anchor`."""
    room = int(columns.cigar_length.sum())
    row, bounds = np.empty(room, np.int64), np.empty((3, room), np.int32)
    left_out = np.zeros(3, np.int64)
    count = _fill(columns, (min_length, max_length, anchor), row, bounds, left_out)
    return Skips(row[:count], *bounds[:, :count], *map(int, left_out))


@njit(cache=True, nogil=True)
def _fill(
    columns: ReadColumns,
    limits: tuple[int, int, int],
    rows: np.ndarray,
    bounds: np.ndarray,
    left_out: np.ndarray,
) -> int:
    """Fill in read, start, end and overhang; gives how many, and counts those left out by reason."""
    min_length, max_length, anchor = limits
    count = 0
    for row in range(len(columns.start)):
        position, aligned = np.int64(columns.start[row]), np.int64(0)
        start, end, before = np.int64(-1), np.int64(-1), np.int64(0)
        operations = columns.cigar_length[row]
        for k in range(operations + 1):
            word = np.int64(0)
            if k < operations:
                word = int32_at(columns.buffer, columns.cigar_at[row] + 4 * k) & 0xFFFFFFFF
            length, operation = word >> 4, word & 15
            if k == operations or operation == _SKIP:
                if start >= 0:
                    if end - start < min_length:
                        left_out[0] += 1
                    elif end - start > max_length:
                        left_out[1] += 1
                    elif min(before, aligned) < anchor:
                        left_out[2] += 1
                    else:
                        rows[count] = row
                        bounds[0, count], bounds[1, count] = start, end
                        bounds[2, count] = min(before, aligned)
                        count += 1
                start, end, before, aligned = position, position + length, aligned, np.int64(0)
            aligned += length * (_ALIGNED >> operation & 1)
            position += length * (_REFERENCE >> operation & 1)
    return count


@njit(cache=True, nogil=True)
def tag_strands(columns: ReadColumns) -> np.ndarray:
    """Give the strand that the tags of each read tell: int8, 1 forward, -1 reverse, 0 none.

    XS names the strand of the genome (STAR, HISAT2), ts that of the read as sequenced (minimap2). An XS that
    is no character, as bwa writes, tells nothing.
    """
    buffer = columns.buffer
    strands = np.zeros(len(columns.start), np.int8)
    for row in range(len(strands)):
        begin = columns.qualities_at[row] + columns.length[row]
        end = begin + columns.tags_length[row]
        at, sense = find_tag_between(buffer, begin, end, 88, 83), 1
        if at < 0 or buffer[at] != 65:
            at, sense = find_tag_between(buffer, begin, end, 116, 115), -1 if columns.flag[row] & 0x10 else 1
        if at >= 0 and buffer[at] == 65:
            if buffer[at + 1] == 43:
                strands[row] = sense
            elif buffer[at + 1] == 45:
                strands[row] = -sense
    return strands
