"""To how many places reads align, as their aligner counted (tag NH)."""

import numpy as np
from numba import njit

from seqmill.reads.records import find_tag_between
from seqmill.reads.table import ReadColumns
from seqmill.reads.tags import find_tag, integer_at

UNIQUE_MAPQ = 10
"""A read without the tag NH counts as unique from this mapping quality on."""


def hits(columns: ReadColumns) -> np.ndarray:
    """Give the tag NH of each read, int32, shape (n,); 0 for a read without one.

    Raises
    ------
    InputError
        When the tags of a read are damaged.
    """
    found = np.zeros(columns.n, np.int32)
    damaged = _read_hits(columns, found)
    if damaged >= 0:
        find_tag(columns, damaged, b"NH")
    return found


@njit(cache=True, nogil=True)
def _read_hits(columns: ReadColumns, found: np.ndarray) -> int:
    """Fill in the tag NH of each read; gives the row of the first read whose tags are damaged, else -1."""
    buffer = columns.buffer
    for row in range(len(found)):
        begin = columns.qualities_at[row] + columns.length[row]
        at = find_tag_between(buffer, begin, begin + columns.tags_length[row], 78, 72)
        if at == -2:
            return row
        if at >= 0:
            found[row] = integer_at(buffer, at, 0)
    return -1
