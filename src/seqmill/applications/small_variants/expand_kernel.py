"""Compact pileups summed into grouped columns on the processor, straight from the packed bytes."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.applications.small_variants.layout import (
    DECISIVE,
    DELETED,
    INSERTS,
    LLR_STEPS,
    LLR_ZERO,
    PRESENT,
    REVERSE,
    SUPPORTS_ALT,
)
from seqmill.applications.small_variants.relative import AS_REFERENCE, BASES
from seqmill.applications.small_variants.spec import SCALARS

_FITS = LLR_ZERO + DECISIVE * LLR_STEPS
_PLAIN = LLR_ZERO - DECISIVE * LLR_STEPS


@njit(cache=True, nogil=True)
def sum_columns(payload: npt.NDArray[np.uint8], columns: int, out: npt.NDArray[np.float32]) -> None:
    """Fill the grouped columns of a batch; see `seqmill.applications.small_variants.expand.grouped_columns`.

    Parameters
    ----------
    payload : uint8 array [B, (H + 1) * (columns + 8)]
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup, W.
    out : float32 array [B, W, 26]
        Channels last.
    """
    width = columns + SCALARS
    height = payload.shape[1] // width
    sums = np.empty((4, 5, columns), np.int16)
    for example in range(payload.shape[0]):
        packed = payload[example]
        sums[:] = 0
        reads = 0
        for row in range(1, height):
            scalars = row * width + columns
            flags = packed[scalars + 1]
            if not flags & PRESENT:
                continue
            reads += 1
            llr = packed[scalars + 2]
            if llr > _FITS or flags & SUPPORTS_ALT:
                group = 1 if flags & REVERSE else 0
            else:
                group = 2 if llr < _PLAIN else 3
            total = sums[group]
            for column in range(columns):
                cell = packed[row * width + column]
                base = cell >> 5
                quality = np.int16(cell & 31)
                match = (base == AS_REFERENCE) & (packed[column] >> 5 <= BASES)
                differs = (base > 0) & (base < DELETED) & (not match)
                total[0, column] += np.int16(base > 0)
                total[1, column] += quality * np.int16(match)
                total[2, column] += quality * np.int16(differs)
                total[3, column] += np.int16(base == DELETED)
                total[4, column] += np.int16(base == INSERTS)
        share = np.float32(4.0 / max(reads, 4))
        for column in range(columns):
            into = out[example, column]
            for group in range(4):
                for attribute in range(5):
                    value = np.float32(sums[group, attribute, column]) * share
                    if attribute == 1 or attribute == 2:
                        value /= np.float32(20.0)
                    into[group * 5 + attribute] = value
            base = packed[column] >> 5
            for known in range(1, 5):
                into[19 + known] = np.float32(base == known)
            into[24] = np.float32(column == columns // 2)
            into[25] = np.float32(base == 7)
