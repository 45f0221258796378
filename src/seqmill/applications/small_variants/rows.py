"""What one read shows at a candidate: where its bases lie, and its row of a pileup."""

import numpy as np
from numba import njit

from seqmill.applications.small_variants.layout import AMBIGUOUS, DELETED, INSERTS
from seqmill.applications.small_variants.realign import MATCH, MISMATCH
from seqmill.applications.small_variants.scan import base_code
from seqmill.reads.columns import ReadColumns, int32_at


@njit(cache=True, nogil=True)
def snp_llr(code: int, quality: int, reference: int, alternative: int) -> float:
    """Give the log-likelihood ratio (nats) of alternative against reference for one base."""
    if code == alternative:
        return MISMATCH[quality] - MATCH[quality]
    if code == reference:
        return MATCH[quality] - MISMATCH[quality]
    return 0.0


@njit(cache=True, nogil=True)
def base_at(reads: ReadColumns, row: int, position: int) -> tuple[int, int]:
    """Give the index of the base aligned to `position` (-1: none), and of that or the last one before."""
    here = np.int64(reads.start[row])
    query = 0
    for k in range(reads.cigar_length[row]):
        packed = int32_at(reads.buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        operation, length = packed & 15, packed >> 4
        if operation == 0 or operation == 7 or operation == 8:
            if position < here + length:
                if position < here:
                    return -1, max(query - 1, 0)
                return query + position - here, query + position - here
            here += length
            query += length
        elif operation == 1 or operation == 4:
            query += length
        elif operation == 2 or operation == 3:
            if position < here + length:
                return -1, max(query - 1, 0)
            here += length
    return -1, max(query - 1, 0)


@njit(cache=True, nogil=True)
def write_cells(reads: ReadColumns, row: int, first: int, width: int, out: np.ndarray) -> None:
    """Write one read's cells over reference positions ``[first, first + width)``."""
    buffer = reads.buffer
    here = np.int64(reads.start[row])
    query = 0
    bases_at, qualities_at = reads.bases_at[row], reads.qualities_at[row]
    for k in range(reads.cigar_length[row]):
        packed = int32_at(buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        operation, length = packed & 15, packed >> 4
        if operation == 0 or operation == 7 or operation == 8:
            for step in range(max(0, first - here), min(length, first + width - here)):
                code = base_code(buffer, bases_at, query + step)
                quality = min(buffer[qualities_at + query + step], 62) >> 1
                out[here + step - first] = ((code + 1) if code < 4 else AMBIGUOUS) << 5 | quality
            here += length
            query += length
        elif operation == 1:
            column = here - 1 - first
            if 0 <= column < width:
                out[column] = INSERTS << 5 | (out[column] & 31)
            query += length
        elif operation == 2:
            quality = min(buffer[qualities_at + max(query - 1, 0)], 62) >> 1
            for step in range(max(0, first - here), min(length, first + width - here)):
                out[here + step - first] = DELETED << 5 | quality
            here += length
        elif operation == 4:
            query += length
        elif operation == 3:
            here += length
        if here >= first + width:
            break


@njit(cache=True, nogil=True)
def clipped_bases(reads: ReadColumns, row: int) -> int:
    """Count the soft-clipped bases of a read."""
    total = 0
    for k in range(reads.cigar_length[row]):
        packed = int32_at(reads.buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        if packed & 15 == 4:
            total += packed >> 4
    return total


@njit(cache=True, nogil=True)
def has_indel(reads: ReadColumns, row: int, start: int, end: int) -> bool:
    """Say whether a read's CIGAR has an indel at a position in ``[start, end)``."""
    here = np.int64(reads.start[row])
    for k in range(reads.cigar_length[row]):
        packed = int32_at(reads.buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        operation, length = packed & 15, packed >> 4
        if (operation == 1 or operation == 2) and start < here <= end:
            return True
        if operation == 0 or operation == 7 or operation == 8 or operation == 2 or operation == 3:
            here += length
    return False
