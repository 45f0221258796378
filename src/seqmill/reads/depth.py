"""Depth of coverage and insert sizes of a staged BAM, counted over windows of decoded records."""

from dataclasses import dataclass
from os import PathLike

import numpy as np
from numba import njit

from seqmill.reads.reader import AlignmentReader
from seqmill.reads.words import int32_at

MAX_DEPTH = 255
MAX_INSERT = 2000
_WINDOW = 1 << 20
_PROPER_PAIR = 0x2


@dataclass(frozen=True)
class Coverage:
    """What the usable reads of one contig cover.

    Usable are reads that are mapped, primary, not duplicates and did not fail quality control.

    Attributes
    ----------
    reads : int
        Usable reads.
    depths : np.ndarray, int64, shape (256,)
        Reference bases at depth 0, 1, 2, ...; the last bin is 255 or more.
    bases : int
        Aligned bases, the sum of depth over the contig.
    inserts : np.ndarray, int64, shape (2001,)
        Proper pairs by outer distance in bases; the last bin is 2,000 or more.
    """

    reads: int
    depths: np.ndarray
    bases: int
    inserts: np.ndarray


def coverage(bam: str | PathLike[str], contig: str, length: int) -> Coverage:
    """Count depth and insert sizes over one contig of an indexed BAM.

    A base counts as covered by a read that aligns a base to it; deleted and skipped bases do not.

    Parameters
    ----------
    bam : path
        Indexed BAM.
    contig : str
        Name of the contig.
    length : int
        Its bases.
    """
    reads, bases = 0, 0
    depths = np.zeros(MAX_DEPTH + 1, np.int64)
    inserts = np.zeros(MAX_INSERT + 1, np.int64)
    with AlignmentReader(bam) as reader:
        for start, end, columns in reader.windows(contig, 0, length, size=_WINDOW, margin=0):
            change = np.zeros(end - start + 1, np.int32)
            _add_blocks(columns.buffer, columns.start, columns.cigar_at, columns.cigar_length, start, change)
            depth = np.cumsum(change[:-1])
            depths += np.bincount(np.minimum(depth, MAX_DEPTH), minlength=MAX_DEPTH + 1)
            bases += int(depth.sum())
            begins = columns.start >= start
            reads += int(begins.sum())
            leftmost = begins & (columns.insert_size > 0) & ((columns.flag & _PROPER_PAIR) != 0)
            sizes = np.minimum(columns.insert_size[leftmost], MAX_INSERT)
            inserts += np.bincount(sizes, minlength=MAX_INSERT + 1)
    return Coverage(reads=reads, depths=depths, bases=bases, inserts=inserts)


@njit(cache=True, nogil=True)
def _add_blocks(
    buffer: np.ndarray,
    start: np.ndarray,
    cigar_at: np.ndarray,
    cigar_length: np.ndarray,
    offset: int,
    change: np.ndarray,
) -> None:
    """Add 1 where an aligned block begins and take 1 where it ends, clipped to the window."""
    last = len(change) - 1
    for row in range(len(start)):
        position = start[row] - offset
        for k in range(cigar_length[row]):
            word = int32_at(buffer, cigar_at[row] + 4 * k) & 0xFFFFFFFF
            count, operation = word >> 4, word & 15
            if operation == 0 or operation == 7 or operation == 8:
                begin, end = max(position, 0), min(position + count, last)
                if begin < end:
                    change[begin] += 1
                    change[end] -= 1
                position += count
            elif operation == 2 or operation == 3:
                position += count


def spans_coverage(spans: np.ndarray, length: int, *, reads: int) -> Coverage:
    """Count depth and sizes of intervals over one contig.

    Parameters
    ----------
    spans : np.ndarray, int64, shape (n, 2)
        Starts and ends, 0-based half-open, inside the contig.
    length : int
        Bases of the contig.
    reads : int
        Reads that the intervals stand for.
    """
    change = np.bincount(spans[:, 0], minlength=length + 1) - np.bincount(spans[:, 1], minlength=length + 1)
    depth = np.cumsum(change[:length])
    sizes = np.minimum(spans[:, 1] - spans[:, 0], MAX_INSERT)
    return Coverage(
        reads=reads,
        depths=np.bincount(np.minimum(depth, MAX_DEPTH), minlength=MAX_DEPTH + 1),
        bases=int(depth.sum()),
        inserts=np.bincount(sizes, minlength=MAX_INSERT + 1),
    )
