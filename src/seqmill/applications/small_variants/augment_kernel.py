"""Augmentation of pileups on the processor, in one pass over the packed bytes."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.applications.small_variants.layout import PRESENT, REVERSE, SUPPORTS_ALT
from seqmill.applications.small_variants.relative import AS_REFERENCE, BASES
from seqmill.applications.small_variants.spec import SCALARS


@njit(cache=True, nogil=True)
def change(
    payload: npt.NDArray[np.uint8],
    columns: int,
    share: npt.NDArray[np.float32],
    lot: npt.NDArray[np.float32],
    chosen: npt.NDArray[np.bool_],
    min_support: int,
    single_read_depth: int,
) -> None:
    """Thin, swap and permute in place; see `seqmill.applications.small_variants.augment.augment`.

    Parameters
    ----------
    payload : uint8 array [B, (H + 1) * (columns + 8)]
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup.
    share : float32 array [B]
        Share of the reads that thinning keeps.
    lot : float32 array [B, H]
        A read stays when its lot is below the share.
    chosen : bool array [3, B]
        Whether an example is thinned, its strands are swapped, its bases are permuted.
    min_support, single_read_depth : int
        The encoding's rule of candidates.
    """
    width = columns + SCALARS
    height = payload.shape[1] // width
    for example in range(payload.shape[0]):
        packed = payload[example]
        if chosen[0, example]:
            _thin(packed, columns, lot[example] < share[example], min_support, single_read_depth)
        if chosen[1, example]:
            for row in range(1, height):
                at = row * width + columns + 1
                if packed[at] & PRESENT:
                    packed[at] ^= REVERSE
        if chosen[2, example]:
            reference = packed[:columns]
            for row in range(1, height):
                _complement(packed[row * width : row * width + columns], reference)
            for column in range(columns):
                base = reference[column] >> 5
                if 0 < base <= BASES:
                    reference[column] = (BASES + 1 - base) << 5 | (reference[column] & 31)


@njit(cache=True, nogil=True)
def _complement(cells: npt.NDArray[np.uint8], reference: npt.NDArray[np.uint8]) -> None:
    """Complement the bases of a row whose codes are relative to a reference that is complemented as well."""
    one, last, shift, lower = np.uint8(AS_REFERENCE), np.uint8(BASES), np.uint8(5), np.uint8(31)
    turn = np.uint8(BASES + 1)
    for column in range(len(cells)):
        code, under = cells[column] >> shift, reference[column] >> shift
        if under == np.uint8(0) or under > last:
            changed = turn - code
        elif code == one:
            changed = one
        else:
            base = one if code == under else code
            changed = turn - (under if base == last else base)
        if np.uint8(0) < code <= last:
            cells[column] = changed << shift | (cells[column] & lower)


@njit(cache=True, nogil=True)
def _thin(
    packed: npt.NDArray[np.uint8],
    columns: int,
    kept: npt.NDArray[np.bool_],
    min_support: int,
    single_read_depth: int,
) -> None:
    width = columns + SCALARS
    depth = support = 0
    for row in range(len(kept)):
        flags = packed[(row + 1) * width + columns + 1]
        kept[row] &= (flags & PRESENT) > 0
        depth += kept[row]
        support += kept[row] and (flags & SUPPORTS_ALT) > 0
    if support < min_support and (support < 1 or depth > single_read_depth):
        return
    for row in range(len(kept)):
        if not kept[row]:
            packed[(row + 1) * width : (row + 2) * width] = 0
    packed[columns + 5] = depth
