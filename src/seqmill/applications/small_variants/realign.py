"""How much better a read fits the haplotype with a candidate indel than the reference.

The read is aligned to both haplotypes with base qualities as mismatch costs and a gap cost that falls with
the length of the homopolymer (the error model of Dindel; Albers et al. 2011, Genome Research 21:961), by the
most likely path in a band around the read's own alignment, with free ends in the haplotype.
"""

import numpy as np
from numba import njit

from seqmill.applications.small_variants.candidates import Candidates
from seqmill.applications.small_variants.scan import DELETION, base_code
from seqmill.reads.columns import ReadColumns, int32_at

FLANK = 18  # reference bases compared on each side of the indel and its repeat
_SLACK = 6  # diagonals of the band beyond the length of the indel
_NATS = np.log(10.0) / 10.0
_FAR = np.float32(1e9)


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    phred = np.arange(256)
    error = np.clip(10.0 ** (-phred / 10.0), 1e-5, 0.75)
    match = -np.log1p(-error)
    mismatch = -np.log(error / 3.0)
    run = np.arange(64)
    gap = np.clip(45.0 - 3.0 * np.maximum(run - 3, 0), 14.0, None) * _NATS
    return match.astype(np.float32), mismatch.astype(np.float32), gap.astype(np.float32)


MATCH, MISMATCH, GAP_OPEN = _tables()
GAP_EXTEND = np.float32(10.0 * _NATS)


@njit(cache=True, nogil=True)
def gap_costs(haplotype: np.ndarray, size: int, costs: np.ndarray) -> None:
    """Fill the cost (nats) of opening a gap at each of `size` bases from the length of its run."""
    first = 0
    while first < size:
        last = first
        while last + 1 < size and haplotype[last + 1] == haplotype[first]:
            last += 1
        cost = GAP_OPEN[min(last - first + 1, 63)]
        for at in range(first, last + 1):
            costs[at] = cost
        first = last + 1


@njit(cache=True, nogil=True, fastmath=True)
def alignment_cost(
    bases: np.ndarray,
    qualities: np.ndarray,
    n: int,
    haplotype: np.ndarray,
    size: int,
    costs: np.ndarray,
    offset: int,
    band: int,
    work: np.ndarray,
) -> float:
    """Give the cost (negative log likelihood, nats) of the best alignment of a read to a haplotype.

    Parameters
    ----------
    bases, qualities : np.ndarray, uint8, shape (>= n,)
        Base codes and phred qualities of the read.
    n : int
        Bases of the read.
    haplotype : np.ndarray, uint8, shape (>= size,)
        Base codes.
    size : int
        Bases of the haplotype.
    costs : np.ndarray, float32, shape (>= size,)
        Gap-opening costs from `gap_costs`.
    offset : int
        Haplotype index of base 0 of the read on the central diagonal.
    band : int
        Diagonals on each side.
    work : np.ndarray, float32, shape (4, >= 2 * band + 3)
        Room for two states of the previous row and the current one.
    """
    width = 2 * band + 1
    matched, inserted = work[0], work[1]
    above_matched, above_inserted = work[2], work[3]
    for i in range(n):
        base, quality = bases[i], qualities[i]
        hit, miss = MATCH[quality], MISMATCH[quality]
        deleted = _FAR
        left = _FAR
        for k in range(width):
            j = i + offset + k - band
            if j < 0 or j >= size:
                matched[k] = _FAR
                inserted[k] = _FAR
                left = _FAR
                deleted = _FAR
                continue
            emit = hit if base == haplotype[j] else (miss if base < 4 else hit)
            # a gap in the read: from the cell to the left in this row
            deleted = min(left + costs[j], deleted + GAP_EXTEND)
            if i == 0:
                matched[k] = emit
                inserted[k] = _FAR
            else:
                come = min(above_matched[k], above_inserted[k])
                matched[k] = come + emit
                # bases the haplotype lacks: from the cell above and to the right
                if k + 1 < width:
                    inserted[k] = (
                        min(above_matched[k + 1] + costs[j], above_inserted[k + 1] + GAP_EXTEND) + hit
                    )
                else:
                    inserted[k] = _FAR
            left = matched[k]
            if i > 0 and deleted < matched[k]:
                matched[k] = deleted
        matched, above_matched = above_matched, matched
        inserted, above_inserted = above_inserted, inserted
    lowest = _FAR
    for k in range(width):
        lowest = min(lowest, above_matched[k], above_inserted[k])
    return lowest


@njit(cache=True, nogil=True)
def read_segment(
    reads: ReadColumns, row: int, start: int, end: int, bases: np.ndarray, qualities: np.ndarray
) -> tuple[int, int]:
    """Copy a read's bases over ``[start, end)``, clips included; give their count and first position.

    What does not fit into `bases`, behind a long insertion, is left out.
    """
    buffer = reads.buffer
    position = np.int64(reads.start[row])
    query, n = 0, 0
    first = np.int64(-1)
    operations = reads.cigar_length[row]
    for k in range(operations):
        packed = int32_at(buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        operation, length = packed & 15, packed >> 4
        from_query, to_query = 0, 0
        if operation == 0 or operation == 7 or operation == 8:
            from_query = max(0, start - position)
            to_query = min(length, end - position)
            if from_query < to_query and first < 0:
                first = position + from_query
        elif operation == 1:
            if first >= 0 and position < end:
                to_query = length
        elif operation == 4:
            if query == 0:
                clip_start = position - length
                from_query = max(0, start - clip_start)
                to_query = min(length, end - clip_start)
                if from_query < to_query:
                    first = clip_start + from_query
            elif first >= 0:
                to_query = min(length, end - position)
        for step in range(from_query, min(to_query, from_query + len(bases) - n)):
            bases[n] = base_code(buffer, reads.bases_at[row], query + step)
            qualities[n] = buffer[reads.qualities_at[row] + query + step]
            n += 1
        if operation == 0 or operation == 7 or operation == 8:
            position += length
            query += length
        elif operation == 1 or operation == 4:
            query += length
        elif operation == 2 or operation == 3:
            position += length
    return n, first


@njit(cache=True, nogil=True)
def build_haplotype(
    candidates: Candidates,
    row: int,
    reference: np.ndarray,
    start: int,
    end: int,
    origin: int,
    haplotype: np.ndarray,
) -> int:
    """Write the haplotype with the candidate over reference ``[start, end)``; give its length."""
    anchor = np.int64(candidates.position[row])
    length = np.int64(candidates.length[row])
    size = 0
    for at in range(start, anchor + 1):
        haplotype[size] = reference[at - origin]
        size += 1
    resume = anchor + 1
    if candidates.kind[row] == DELETION:
        resume += length
    else:
        for step in range(length):
            haplotype[size] = candidates.pool[candidates.inserted[row] + step]
            size += 1
    for at in range(resume, end):
        haplotype[size] = reference[at - origin]
        size += 1
    return size


@njit(cache=True, nogil=True)
def band_of(length: int) -> int:
    """Give the band for an indel of `length` bases."""
    return length + _SLACK
