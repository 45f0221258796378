"""One pass over the reads of a window: bases that differ from the reference, depth, and indels.

Runs of matching bases are compared packed, as BAM stores them, with the reference packed the same way, so
that only bases that differ are ever looked at one by one.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.spec import Options
from seqmill.reads.columns import ReadColumns
from seqmill.reads.words import int32_at, int64_at

SNP, INSERTION, DELETION = 1, 2, 3
PAD = 640  # bases by which an indel is left-aligned at most, and over which a repeat is looked at

_WORD = 8  # packed bytes compared at once
_NIBBLE_TO_CODE = np.full(16, 4, np.uint8)
_NIBBLE_TO_CODE[[1, 2, 4, 8]] = [0, 1, 2, 3]
_CODE_TO_NIBBLE = np.array([1, 2, 4, 8, 15], np.uint8)
_FNV_OFFSET, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


class Events(NamedTuple):
    """Indels seen in single reads, left-aligned; `m` events.

    Attributes
    ----------
    position : np.ndarray, int32, shape (m,)
        The base before the indel, 0-based.
    kind : np.ndarray, int8, shape (m,)
        `INSERTION` or `DELETION`.
    length : np.ndarray, int32, shape (m,)
        Bases inserted or deleted.
    inserted : np.ndarray, int64, shape (m,)
        Where the inserted bases begin in `pool`.
    key : np.ndarray, uint64, shape (m,)
        Hash of the inserted bases.
    read : np.ndarray, int32, shape (m,)
        Row of the read.
    quality : np.ndarray, uint8, shape (m,)
        Lowest base quality among the bases beside and in the indel.
    pool : np.ndarray, uint8
        Base codes of all insertions.
    """

    position: np.ndarray
    kind: np.ndarray
    length: np.ndarray
    inserted: np.ndarray
    key: np.ndarray
    read: np.ndarray
    quality: np.ndarray
    pool: np.ndarray


class Scan(NamedTuple):
    """What the reads of a window show.

    Attributes
    ----------
    origin : int
        Reference position of element 0 of `reference`.
    reference : np.ndarray, uint8
        Base codes of the window, padded so that it covers its reads.
    start : int
        Reference position of element 0 of `counts`, `best` and `depth`.
    counts : np.ndarray, int32, shape (length, 4)
        Reads with each base other than the reference's, of sufficient quality.
    best : np.ndarray, uint8, shape (length, 4)
        Best quality of each of these bases.
    depth : np.ndarray, int32, shape (length,)
        Reads over each position, deletions included.
    mismatches : np.ndarray, int32, shape (n,)
        Mismatched bases plus gaps of each read.
    events : Events
        The indels.
    """

    origin: int
    reference: np.ndarray
    start: int
    counts: np.ndarray
    best: np.ndarray
    depth: np.ndarray
    mismatches: np.ndarray
    events: Events


def scan_window(
    reads: ReadColumns, reference: np.ndarray, origin: int, options: Options, *, start: int, end: int
) -> Scan:
    """Count differing bases and collect indels over a window.

    Parameters
    ----------
    reads : ReadColumns
        The reads over the window, and those within `PAD` behind it.
    reference : np.ndarray, uint8, shape (length,)
        Base codes from reference position `origin` on.
    origin : int
        0-based.
    options : Options
        Thresholds of the encoding.
    start, end : int
        Where bases are counted, 0-based half-open, inside the reference given.
    """
    operations = reads.cigar_length.astype(np.int64)
    most = int(np.maximum(operations - 1, 0).sum())
    inserted = min(most * options.max_indel, int(reads.length.astype(np.int64).sum()))
    room = Events(
        np.empty(most, np.int32),
        np.empty(most, np.int8),
        np.empty(most, np.int32),
        np.empty(most, np.int64),
        np.empty(most, np.uint64),
        np.empty(most, np.int32),
        np.empty(most, np.uint8),
        np.empty(max(inserted, 1), np.uint8),
    )
    size = end - start
    counts, best = np.zeros((size, 4), np.int32), np.zeros((size, 4), np.uint8)
    depth, mismatches = np.zeros(size + 1, np.int32), np.zeros(reads.n, np.int32)
    found = _scan(
        reads,
        reference,
        pack_pairs(reference),
        origin,
        start - origin,
        options.min_base_quality,
        options.max_indel,
        counts,
        best,
        depth,
        mismatches,
        room,
    )
    events = Events(*(array[:found] for array in room[:-1]), room.pool)
    depth = np.cumsum(depth[:-1], dtype=np.int32)
    return Scan(origin, reference, start, counts, best, depth, mismatches, events)


@njit(cache=True, nogil=True, inline="always")
def base_code(buffer: np.ndarray, bases_at: int, query: int) -> int:
    """Give the code (A0 C1 G2 T3, else 4) of base `query` of a record."""
    packed = np.int64(buffer[bases_at + (query >> 1)])
    nibble = packed >> 4 if query & 1 == 0 else packed & 15
    return _NIBBLE_TO_CODE[nibble]


@njit(cache=True, nogil=True)
def pack_pairs(reference: np.ndarray) -> np.ndarray:
    """Pack base codes two a byte as BAM does: row 0 from every even position on, row 1 from every odd one.

    Returns
    -------
    np.ndarray, uint8, shape (2, length // 2 + 1)
        Element ``[p & 1, p >> 1]`` holds the bases at `p` and ``p + 1``.
    """
    size = len(reference)
    packed = np.zeros((2, size // 2 + 1), np.uint8)
    for at in range(size - 1):
        packed[at & 1, at >> 1] = _CODE_TO_NIBBLE[reference[at]] << 4 | _CODE_TO_NIBBLE[reference[at + 1]]
    return packed


@njit(cache=True, nogil=True)
def _scan(
    reads: ReadColumns,
    reference: np.ndarray,
    packed: np.ndarray,
    origin: int,
    first: int,
    min_quality: int,
    max_indel: int,
    counts: np.ndarray,
    best: np.ndarray,
    depth: np.ndarray,
    mismatches: np.ndarray,
    events: Events,
) -> int:
    """Walk every CIGAR once and fill the arrays; `depth` is left as changes; give the number of events."""
    found, pooled = 0, 0
    size, counted = len(reference), len(counts)
    buffer = reads.buffer
    for row in range(len(reads.start)):
        position = np.int64(reads.start[row]) - origin
        query = np.int64(0)
        different = 0
        bases_at, qualities_at = reads.bases_at[row], reads.qualities_at[row]
        for k in range(reads.cigar_length[row]):
            word = int32_at(buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
            operation, length = word & 15, word >> 4
            if operation == 0 or operation == 7 or operation == 8:
                skipped = max(-position, 0)
                different += _compare(
                    buffer,
                    bases_at,
                    qualities_at,
                    query + skipped,
                    reference,
                    packed,
                    position + skipped,
                    min(length, size - position) - skipped,
                    first,
                    min_quality,
                    counts,
                    best,
                )
                _cover(depth, position - first, length, counted)
                position += length
                query += length
            elif operation == 1 or operation == 2:
                different += 1
                anchor = position - 1
                if anchor >= 1 and anchor + length + 1 < size and 0 < query and length <= max_indel:
                    lowest = buffer[qualities_at + query - 1]
                    last = query + (length if operation == 1 else 0)
                    for at in range(query, min(last + 1, reads.length[row])):
                        lowest = min(lowest, buffer[qualities_at + at])
                    furthest = max(anchor - PAD, 0)
                    clean = True
                    key = _FNV_OFFSET
                    start = pooled
                    if operation == 1:
                        for step in range(length):
                            code = base_code(buffer, bases_at, query + step)
                            clean &= code < 4
                            events.pool[start + step] = code
                        anchor = _align_insertion(reference, anchor, furthest, events.pool, start, length)
                        for step in range(length):
                            key = (key ^ np.uint64(events.pool[start + step] + 1)) * _FNV_PRIME
                        pooled += length
                    else:
                        while anchor > furthest and reference[anchor] == reference[anchor + length]:
                            anchor -= 1
                    if clean:
                        events.position[found] = anchor + origin
                        events.kind[found] = INSERTION if operation == 1 else DELETION
                        events.length[found] = length
                        events.inserted[found] = start
                        events.key[found] = key
                        events.read[found] = row
                        events.quality[found] = lowest
                        found += 1
                if operation == 1:
                    query += length
                else:
                    _cover(depth, position - first, length, counted)
                    position += length
            elif operation == 4:
                query += length
            elif operation == 3:
                position += length
        mismatches[row] = different
    return found


@njit(cache=True, nogil=True, inline="always")
def _cover(depth: np.ndarray, position: int, length: int, size: int) -> None:
    """Add 1 where a stretch begins and take 1 where it ends, clipped to ``[0, size)``."""
    begin, end = max(position, 0), min(position + length, size)
    if begin < end:
        depth[begin] += 1
        depth[end] -= 1


@njit(cache=True, nogil=True, inline="always")
def _compare(
    buffer: np.ndarray,
    bases_at: int,
    qualities_at: int,
    query: int,
    reference: np.ndarray,
    packed: np.ndarray,
    position: int,
    length: int,
    first: int,
    min_quality: int,
    counts: np.ndarray,
    best: np.ndarray,
) -> int:
    """Count the bases of one matching run that differ from the reference; give their number."""
    different = 0
    if length > 0 and query & 1:
        nibble = np.int64(buffer[bases_at + (query >> 1)]) & 15
        different += _count(
            nibble, buffer[qualities_at + query], reference, position, first, min_quality, counts, best
        )
        query += 1
        position += 1
        length -= 1
    pairs = packed[position & 1]
    at, of = bases_at + (query >> 1), position >> 1
    whole = length >> 1
    done = 0
    while done < whole:
        if done + _WORD <= whole:
            if int64_at(buffer, at + done) == int64_at(pairs, of + done):
                done += _WORD
                continue
            stop = done + _WORD
        elif whole >= _WORD and int64_at(buffer, at + whole - _WORD) == int64_at(pairs, of + whole - _WORD):
            break
        else:
            stop = whole
        while done < stop:
            changed = buffer[at + done] ^ pairs[of + done]
            if changed:
                both = np.int64(buffer[at + done])
                for half in range(2):
                    if changed & (240 if half == 0 else 15):
                        base = 2 * done + half
                        quality = buffer[qualities_at + query + base]
                        nibble = both >> 4 if half == 0 else both & 15
                        different += _count(
                            nibble, quality, reference, position + base, first, min_quality, counts, best
                        )
            done += 1
    if length > 0 and length & 1:
        last = length - 1
        nibble = np.int64(buffer[at + (last >> 1)]) >> 4
        quality = buffer[qualities_at + query + last]
        different += _count(nibble, quality, reference, position + last, first, min_quality, counts, best)
    return different


@njit(cache=True, nogil=True, inline="always")
def _count(
    nibble: int,
    quality: int,
    reference: np.ndarray,
    position: int,
    first: int,
    min_quality: int,
    counts: np.ndarray,
    best: np.ndarray,
) -> int:
    """Count one base if it differs from the reference; give 1 if it does."""
    code = _NIBBLE_TO_CODE[nibble]
    expected = reference[position]
    if code > 3 or expected > 3 or code == expected:
        return 0
    at = position - first
    if quality >= min_quality and 0 <= at < len(counts):
        counts[at, code] += 1
        if quality > best[at, code]:
            best[at, code] = quality
    return 1


@njit(cache=True, nogil=True)
def _align_insertion(
    reference: np.ndarray, anchor: int, furthest: int, pool: np.ndarray, start: int, length: int
) -> int:
    """Shift an insertion as far left as it goes, rotating its bases in `pool`; give its anchor."""
    first = length
    while anchor > furthest and reference[anchor] == pool[start + (first - 1) % length]:
        first = first - 1 if first > 1 else length
        anchor -= 1
    shift = first % length
    if shift:
        held = pool[start : start + length].copy()
        for step in range(length):
            pool[start + step] = held[(step + shift) % length]
    return anchor
