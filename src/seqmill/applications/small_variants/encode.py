"""A candidate and the reads over it as a compact pileup: one byte a cell, a few scalars a read."""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.candidates import Candidates
from seqmill.applications.small_variants.realign import (
    FLANK,
    MATCH,
    MISMATCH,
    alignment_cost,
    band_of,
    build_haplotype,
    gap_costs,
    read_segment,
)
from seqmill.applications.small_variants.relative import relate
from seqmill.applications.small_variants.repeats import homopolymer, tandem_repeat
from seqmill.applications.small_variants.scan import DELETION, PAD, SNP, Scan, base_code
from seqmill.applications.small_variants.spec import SCALARS, Options
from seqmill.reads.columns import ReadColumns, int32_at
from seqmill.reads.names import mix

# cell codes above the four bases
DELETED, INSERTS, AMBIGUOUS = 5, 6, 7
# flags of a read row
REVERSE, SUPPORTS_ALT, SUPPORTS_REF, OTHER_ALLELE, PROPER_PAIR, FIRST_OF_PAIR, PRESENT = (
    1,
    2,
    4,
    8,
    16,
    32,
    128,
)
LLR_STEPS = 8  # steps to a nat
LLR_ZERO = 128

_SEGMENT = 640  # longest stretch of a read or haplotype that is realigned
DECISIVE = 2.0  # nats from which a read takes sides


class Pileups(NamedTuple):
    """Encoded candidates; `c` candidates.

    Attributes
    ----------
    payload : np.ndarray, uint8
        All rows of all candidates, one after another; read cells relative to the reference.
    payload_at : np.ndarray, int64, shape (c + 1,)
        Where each candidate's rows begin.
    reads : np.ndarray, int32, shape (c,)
        Reads over the site, before the row limit.
    support : np.ndarray, int32, shape (c,)
        Of these, reads whose alignment carries the allele.
    """

    payload: np.ndarray
    payload_at: np.ndarray
    reads: np.ndarray
    support: np.ndarray


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
def encode(
    reads: ReadColumns,
    longest: int,
    hashes: np.ndarray,
    mismatches: np.ndarray,
    candidates: Candidates,
    neighbours: np.ndarray,
    reference: np.ndarray,
    origin: int,
    rows: int,
    width: int,
    payload: np.ndarray,
    payload_at: np.ndarray,
    n_reads: np.ndarray,
    n_support: np.ndarray,
) -> None:
    """Encode every candidate; the arrays of `Pileups` are filled in place.

    Parameters
    ----------
    reads : ReadColumns
        Reads sorted by start.
    longest : int
        Longest reference span of a read.
    hashes : np.ndarray, uint64, shape (n,)
        Hash of each read, which decides who stays above the row limit and the order inside a group.
    mismatches : np.ndarray, int32, shape (n,)
        Mismatches plus gaps of each read.
    candidates : Candidates
        Sorted by position.
    neighbours : np.ndarray, int32, shape (c,)
        Other candidates at the same position.
    reference : np.ndarray, uint8
        Base codes from position `origin` on.
    origin : int
        0-based.
    rows, width : int
        Read rows and reference columns of a pileup.
    """
    row_bytes = width + SCALARS
    half = width // 2
    bases, qualities = np.empty(_SEGMENT, np.uint8), np.empty(_SEGMENT, np.uint8)
    plain, changed = np.empty(_SEGMENT, np.uint8), np.empty(_SEGMENT, np.uint8)
    plain_costs, changed_costs = np.empty(_SEGMENT, np.float32), np.empty(_SEGMENT, np.float32)
    work = np.empty((4, 256), np.float32)
    found = np.empty(4096, np.int32)
    llrs = np.empty(4096, np.float32)
    groups = np.empty(4096, np.uint8)
    at = 0
    for c in range(len(candidates.position)):
        anchor = np.int64(candidates.position[c])
        kind, length = candidates.kind[c], np.int64(candidates.length[c])
        local = anchor - origin
        if kind == SNP:
            run = homopolymer(reference, local)
            unit, copies = tandem_repeat(reference, local)
            last = anchor + 1
        else:
            run = homopolymer(reference, local + 1)
            unit, copies = tandem_repeat(reference, local + 1)
            last = anchor + 1 + max(unit * copies, length if kind == DELETION else 0)
        window_start, window_end = anchor - FLANK, last + FLANK
        grow = length + 12
        hap_start, hap_end = window_start - grow, window_end + grow
        realigned = kind != SNP and hap_start > origin and hap_end < origin + len(reference)
        realigned &= hap_end - hap_start + length < _SEGMENT and 2 * band_of(length) + 3 < 256
        if realigned:
            plain_size = hap_end - hap_start
            for step in range(plain_size):
                plain[step] = reference[hap_start + step - origin]
            changed_size = build_haplotype(candidates, c, reference, hap_start, hap_end, origin, changed)
            gap_costs(plain, plain_size, plain_costs)
            gap_costs(changed, changed_size, changed_costs)

        low = np.searchsorted(reads.start, anchor - longest)
        high = np.searchsorted(reads.start, last, side="right")
        n = 0
        for row in range(low, high):
            if reads.end[row] <= anchor or (kind == SNP and reads.start[row] > anchor):
                continue
            if n < len(found):
                found[n] = row
                n += 1
        n_reads[c] = n
        carried = 0
        first_carrier, past_carrier = candidates.carriers_at[c], candidates.carriers_at[c + 1]
        for i in range(n):
            row = found[i]
            aligned, nearest = base_at(reads, row, anchor)
            supports = False
            other = False
            llr = np.float32(0.0)
            if kind == SNP:
                if aligned >= 0:
                    code = base_code(reads.buffer, reads.bases_at[row], aligned)
                    quality = reads.buffer[reads.qualities_at[row] + aligned]
                    llr = snp_llr(code, quality, reference[local], candidates.alt[c])
                    supports = code == candidates.alt[c]
                    other = code != reference[local] and not supports
                else:
                    other = True
            else:
                spot = first_carrier + np.searchsorted(candidates.carriers[first_carrier:past_carrier], row)
                supports = spot < past_carrier and candidates.carriers[spot] == row
                if realigned:
                    size, begins = read_segment(reads, row, window_start, window_end, bases, qualities)
                    if size > 0:
                        offset = begins - hap_start
                        band = band_of(length)
                        llr = alignment_cost(
                            bases, qualities, size, plain, plain_size, plain_costs, offset, band, work
                        ) - alignment_cost(
                            bases, qualities, size, changed, changed_size, changed_costs, offset, band, work
                        )
                elif supports:
                    llr = np.float32(4.0)
                if not supports and aligned >= 0 and neighbours[c] > 0:
                    other = _has_indel(reads, row, anchor, last)
            carried += supports
            llrs[i] = llr
            if supports or llr > DECISIVE:
                groups[i] = 0
            elif other:
                groups[i] = 1
            else:
                groups[i] = 2
            if supports:
                groups[i] |= 4
            if other:
                groups[i] |= 8
        n_support[c] = carried

        payload_at[c] = at
        for step in range(width):
            position = local - half + step
            code = reference[position] if 0 <= position < len(reference) else 4
            payload[at + step] = ((code + 1) if code < 4 else AMBIGUOUS) << 5
        header = at + width
        payload[header] = kind
        payload[header + 1] = 0 if kind == SNP else min(length, 255)
        payload[header + 2] = min(run, 255)
        payload[header + 3] = unit
        payload[header + 4] = min(copies, 255)
        payload[header + 5] = min(n, 255)
        payload[header + 6] = min(neighbours[c], 255)
        payload[header + 7] = 1
        at += row_bytes

        order = np.argsort(hashes[found[:n]])
        kept = min(n, rows)
        for group in range(3):
            for place in range(kept):
                i = order[place]
                if groups[i] & 3 != group:
                    continue
                row = found[i]
                write_cells(reads, row, anchor - half, width, payload[at : at + width])
                scalars = at + width
                flag = reads.flag[row]
                bits = PRESENT
                if flag & 16:
                    bits |= REVERSE
                if flag & 2:
                    bits |= PROPER_PAIR
                if flag & 64:
                    bits |= FIRST_OF_PAIR
                if groups[i] & 4:
                    bits |= SUPPORTS_ALT
                elif groups[i] & 8:
                    bits |= OTHER_ALLELE
                elif reads.end[row] > last:
                    bits |= SUPPORTS_REF
                aligned, nearest = base_at(reads, row, anchor)
                payload[scalars] = reads.mapq[row]
                payload[scalars + 1] = bits
                payload[scalars + 2] = int(min(max(llrs[i] * LLR_STEPS, -127.0), 127.0)) + LLR_ZERO
                payload[scalars + 3] = reads.buffer[reads.qualities_at[row] + nearest]
                payload[scalars + 4] = min(min(nearest, reads.length[row] - 1 - nearest), 255)
                payload[scalars + 5] = min(max(mismatches[row] - (1 if groups[i] & 4 else 0), 0), 255)
                payload[scalars + 6] = min(clipped_bases(reads, row), 255)
                payload[scalars + 7] = min(abs(reads.insert_size[row]) >> 3, 255)
                at += row_bytes
    payload_at[len(candidates.position)] = at


@njit(cache=True, nogil=True)
def _has_indel(reads: ReadColumns, row: int, start: int, end: int) -> bool:
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


@njit(cache=True, nogil=True)
def _spread(hashes: np.ndarray, flags: np.ndarray, seed: int) -> np.ndarray:
    """Give each read its own hash: mates share a name but not a place."""
    spread = np.empty(len(hashes), np.uint64)
    for row in range(len(hashes)):
        spread[row] = mix(hashes[row] ^ np.uint64(seed * 2 + (1 if flags[row] & 64 else 0)))
    return spread


def encode_window(
    reads: ReadColumns,
    hashes: np.ndarray,
    window: Scan,
    candidates: Candidates,
    options: Options,
    *,
    seed: int,
) -> Pileups:
    """Encode the candidates of a window.

    Parameters
    ----------
    reads : ReadColumns
        The reads over the window, sorted by start.
    hashes : np.ndarray, uint64, shape (n,)
        Name hashes of the reads.
    window : Scan
        The scan of the same reads; its reference reaches `PAD` bases beyond the candidates.
    candidates : Candidates
        What to encode.
    options : Options
        Size of the pileups.
    seed : int
        Decides which reads stay above the row limit.
    """
    total = len(candidates.position)
    longest = int((reads.end - reads.start).max(initial=0))
    position = candidates.position
    neighbours = np.searchsorted(position, position, side="right") - np.searchsorted(position, position)
    coverage = np.minimum(
        np.searchsorted(reads.start, position + PAD, side="right")
        - np.searchsorted(reads.start, position - longest),
        options.rows,
    )
    payload = np.zeros(int((coverage + 1).sum()) * options.row_bytes, np.uint8)
    pileups = Pileups(
        payload, np.zeros(total + 1, np.int64), np.zeros(total, np.int32), np.zeros(total, np.int32)
    )
    encode(
        reads,
        longest,
        _spread(hashes, reads.flag, seed),
        window.mismatches,
        candidates,
        (neighbours - 1).astype(np.int32),
        window.reference,
        window.origin,
        options.rows,
        options.columns,
        *pileups,
    )
    relate(pileups.payload, pileups.payload_at, options.columns)
    return pileups
