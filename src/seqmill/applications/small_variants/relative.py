"""Read cells written relative to the reference, which is most of what they say: shards shrink by a third."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.applications.small_variants.spec import SCALARS

AS_REFERENCE = 1
"""Base code of a cell that fits the reference, where the reference is a base."""
BASES = 4
"""Highest code of a base; codes above are gaps, insertions and unknown bases."""


@njit(cache=True, nogil=True)
def relate(payload: npt.NDArray[np.uint8], payload_at: npt.NDArray[np.int64], columns: int) -> None:
    """Exchange, in every read cell, the reference's base code with `AS_REFERENCE`; again, and it is undone.

    Parameters
    ----------
    payload : uint8 array
        Rows of all examples, the reference row of each first; changed in place.
    payload_at : int64 array [c + 1]
        Where each example's rows begin.
    columns : int
        Cells in a row.
    """
    width = columns + SCALARS
    upper, shift, lower = np.uint8(BASES), np.uint8(5), np.uint8(31)
    one = np.uint8(AS_REFERENCE)
    for example in range(len(payload_at) - 1):
        reference = payload[payload_at[example] : payload_at[example] + columns]
        for row in range(payload_at[example] + width, payload_at[example + 1] - columns + 1, width):
            cells = payload[row : row + columns]
            for column in range(columns):
                base, known = cells[column] >> shift, reference[column] >> shift
                if np.uint8(0) < known <= upper:
                    changed = one if base == known else (known if base == one else base)
                    cells[column] = changed << shift | (cells[column] & lower)
