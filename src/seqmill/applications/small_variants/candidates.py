"""Candidate alleles of a window: every SNP and indel that enough reads carry, left-aligned."""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.spec import Options
from seqmill.reads.columns import ReadColumns, int32_at

SNP, INSERTION, DELETION = 1, 2, 3
PAD = 256  # reference bases kept on each side of a window, for left-alignment and for haplotypes

_NIBBLE_TO_CODE = np.full(16, 4, np.uint8)
_NIBBLE_TO_CODE[[1, 2, 4, 8]] = [0, 1, 2, 3]


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


class Candidates(NamedTuple):
    """Candidate alleles sorted by position; `c` candidates.

    Attributes
    ----------
    position : np.ndarray, int32, shape (c,)
        The changed base of a SNP, or the base before an indel; 0-based.
    kind : np.ndarray, int8, shape (c,)
        `SNP`, `INSERTION` or `DELETION`.
    length : np.ndarray, int32, shape (c,)
        Bases inserted or deleted; 1 for a SNP.
    alt : np.ndarray, uint8, shape (c,)
        Base code of a SNP's alternative; 4 for indels.
    inserted : np.ndarray, int64, shape (c,)
        Where the inserted bases begin in `pool`.
    support : np.ndarray, int32, shape (c,)
        Reads that carry the allele.
    carriers_at : np.ndarray, int64, shape (c + 1,)
        Slices of `carriers`: the rows of the reads with each indel; empty for SNPs.
    carriers : np.ndarray, int32
        Read rows, sorted within a candidate.
    pool : np.ndarray, uint8
        Base codes of all insertions.
    """

    position: np.ndarray
    kind: np.ndarray
    length: np.ndarray
    alt: np.ndarray
    inserted: np.ndarray
    support: np.ndarray
    carriers_at: np.ndarray
    carriers: np.ndarray
    pool: np.ndarray

    def select(self, keep: np.ndarray) -> "Candidates":
        """Give the candidates where the boolean array `keep` is true."""
        sizes = np.diff(self.carriers_at)
        at = np.concatenate([[0], np.cumsum(sizes[keep])]).astype(np.int64)
        carriers = self.carriers[np.repeat(keep, sizes)]
        fields = [array[keep] for array in self[:6]]
        return Candidates(*fields, at, carriers, self.pool)


@njit(cache=True, nogil=True, inline="always")
def base_code(buffer: np.ndarray, bases_at: int, query: int) -> int:
    """Give the code (A0 C1 G2 T3, else 4) of base `query` of a record."""
    packed = np.int64(buffer[bases_at + (query >> 1)])
    nibble = packed >> 4 if query & 1 == 0 else packed & 15
    return _NIBBLE_TO_CODE[nibble]


@njit(cache=True, nogil=True)
def count_indels(reads: ReadColumns) -> tuple[int, int]:
    """Count the indels in the CIGARs, and the bases inserted by them."""
    indels, inserted = 0, 0
    for row in range(len(reads.start)):
        for k in range(reads.cigar_length[row]):
            packed = int32_at(reads.buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
            operation = packed & 15
            if operation == 1:
                inserted += packed >> 4
            if operation == 1 or operation == 2:
                indels += 1
    return indels, inserted


@njit(cache=True, nogil=True)
def scan(
    reads: ReadColumns,
    reference: np.ndarray,
    origin: int,
    min_quality: int,
    max_indel: int,
    counts: np.ndarray,
    best: np.ndarray,
    depth: np.ndarray,
    mismatches: np.ndarray,
    events: Events,
) -> int:
    """Walk every CIGAR once; fill base counts, depth, mismatches of each read and the indel events.

    Parameters
    ----------
    reads : ReadColumns
        The reads over the window.
    reference : np.ndarray, uint8, shape (length,)
        Base codes from `origin` on.
    origin : int
        Reference position of element 0 of `reference`, `counts`, `best` and `depth`.
    min_quality : int
        Bases below this phred quality are not counted.
    max_indel : int
        Longer indels are not events.
    counts : np.ndarray, int32, shape (length, 4)
        Reads with each base; filled here.
    best : np.ndarray, uint8, shape (length, 4)
        Best quality of each base; filled here.
    depth : np.ndarray, int32, shape (length,)
        Reads over each position, deletions included; filled here.
    mismatches : np.ndarray, int32, shape (n,)
        Mismatched bases plus gaps of each read; filled here.
    events : Events
        Room for the indels; filled here.

    Returns
    -------
    int
        How many events were found.
    """
    found, pooled = 0, 0
    size = len(reference)
    buffer = reads.buffer
    for row in range(len(reads.start)):
        position = np.int64(reads.start[row]) - origin
        query = 0
        different = 0
        bases_at, qualities_at = reads.bases_at[row], reads.qualities_at[row]
        for k in range(reads.cigar_length[row]):
            packed = int32_at(buffer, reads.cigar_at[row] + 4 * k) & 0xFFFFFFFF
            operation, length = packed & 15, packed >> 4
            if operation == 0 or operation == 7 or operation == 8:
                for step in range(length):
                    at = position + step
                    if at < 0 or at >= size:
                        continue
                    quality = buffer[qualities_at + query + step]
                    code = base_code(buffer, bases_at, query + step)
                    depth[at] += 1
                    if code < 4 and reference[at] < 4 and code != reference[at]:
                        different += 1
                    if code < 4 and quality >= min_quality:
                        counts[at, code] += 1
                        if quality > best[at, code]:
                            best[at, code] = quality
                position += length
                query += length
            elif operation == 1 or operation == 2:
                different += 1
                anchor = position - 1
                inside = anchor >= 1 and anchor + length + 1 < size and query > 0 and length <= max_indel
                if inside:
                    lowest = buffer[qualities_at + query - 1]
                    last = query + (length if operation == 1 else 0)
                    for at in range(query, min(last + 1, reads.length[row])):
                        lowest = min(lowest, buffer[qualities_at + at])
                    start = pooled
                    clean = True
                    if operation == 1:
                        for step in range(length):
                            code = base_code(buffer, bases_at, query + step)
                            clean &= code < 4
                            events.pool[pooled + step] = code
                        first = length
                        # the last inserted base equals the anchor: rotate the insertion one to the left
                        while anchor >= 1 and reference[anchor] == events.pool[start + (first - 1) % length]:
                            first = first - 1 if first > 1 else length
                            anchor -= 1
                        _rotate(events.pool, start, length, first % length)
                        pooled += length
                    else:
                        while anchor >= 1 and reference[anchor] == reference[anchor + length]:
                            anchor -= 1
                    if clean:
                        key = np.uint64(0xCBF29CE484222325)
                        if operation == 1:
                            for step in range(length):
                                key = (key ^ np.uint64(events.pool[start + step] + 1)) * np.uint64(
                                    0x100000001B3
                                )
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
                    for step in range(length):
                        if 0 <= position + step < size:
                            depth[position + step] += 1
                    position += length
            elif operation == 4:
                query += length
            elif operation == 3:
                position += length
        mismatches[row] = different
    return found


@njit(cache=True, nogil=True)
def _rotate(pool: np.ndarray, start: int, length: int, shift: int) -> None:
    """Rotate ``pool[start:start + length]`` so that element `shift` comes first."""
    if shift == 0:
        return
    held = pool[start : start + length].copy()
    for step in range(length):
        pool[start + step] = held[(step + shift) % length]


class Scan(NamedTuple):
    """What `scan_window` gives back: the reference around the window and what the reads show there."""

    origin: int
    reference: np.ndarray
    counts: np.ndarray
    best: np.ndarray
    depth: np.ndarray
    mismatches: np.ndarray
    events: Events


def scan_window(reads: ReadColumns, reference: np.ndarray, origin: int, options: Options) -> Scan:
    """Count bases and collect indels over a padded window.

    Parameters
    ----------
    reads : ReadColumns
        The reads over the window.
    reference : np.ndarray, uint8, shape (length,)
        Base codes of the padded window, which begins at reference position `origin`.
    origin : int
        0-based.
    options : Options
        Thresholds of the encoding.
    """
    size = len(reference)
    indels, inserted = count_indels(reads)
    room = Events(
        np.empty(indels, np.int32),
        np.empty(indels, np.int8),
        np.empty(indels, np.int32),
        np.zeros(indels, np.int64),
        np.empty(indels, np.uint64),
        np.empty(indels, np.int32),
        np.empty(indels, np.uint8),
        np.empty(max(inserted, 1), np.uint8),
    )
    counts, best = np.zeros((size, 4), np.int32), np.zeros((size, 4), np.uint8)
    depth, mismatches = np.zeros(size, np.int32), np.zeros(reads.n, np.int32)
    found = scan(
        reads,
        reference,
        origin,
        options.min_base_quality,
        options.max_indel,
        counts,
        best,
        depth,
        mismatches,
        room,
    )
    events = Events(*(array[:found] for array in room[:-1]), room.pool)
    return Scan(origin, reference, counts, best, depth, mismatches, events)


def _enough(support: np.ndarray, depth: np.ndarray, quality: np.ndarray, options: Options) -> np.ndarray:
    """Say which alleles enough reads carry; where few reads lie, one good one is enough."""
    several = (support >= options.min_support) & (support >= options.min_fraction * depth)
    single = (support >= 1) & (depth <= options.single_read_depth) & (quality >= options.single_read_quality)
    return several | single


def find_candidates(window: Scan, start: int, end: int, options: Options) -> Candidates:
    """Give the candidate alleles whose position lies in ``[start, end)``.

    Parameters
    ----------
    window : Scan
        The scan of a window that contains ``[start, end)``.
    start, end : int
        0-based half-open.
    options : Options
        Thresholds of the encoding.
    """
    span = slice(start - window.origin, end - window.origin)
    counts, reference = window.counts[span], window.reference[span]
    alternative = (np.arange(4)[None, :] != reference[:, None]) & (reference[:, None] < 4)
    enough = alternative & _enough(counts, window.depth[span][:, None], window.best[span], options)
    at, alt = np.nonzero(enough)
    snps = len(at)

    events = window.events
    order = np.lexsort((events.read, events.key, events.length, events.kind, events.position))
    keys = np.stack(
        [
            events.position[order].astype(np.uint64),
            events.kind[order].astype(np.uint64),
            events.length[order].astype(np.uint64),
            events.key[order],
        ]
    )
    fresh = np.ones(len(order), bool)
    fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    firsts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(firsts, len(order)))
    heads = order[firsts]
    if len(firsts):
        quality = np.maximum.reduceat(events.quality[order], firsts)
        inside = (events.position[heads] >= start) & (events.position[heads] < end)
        depth = window.depth[np.clip(events.position[heads] - window.origin, 0, len(window.depth) - 1)]
        kept = inside & _enough(sizes, depth, quality, options)
    else:
        kept = np.zeros(0, bool)
    heads, kept_sizes = heads[kept], sizes[kept]
    carriers = events.read[order][np.repeat(kept, sizes)]

    position = np.concatenate([at + start, events.position[heads]]).astype(np.int32)
    kind = np.concatenate([np.full(snps, SNP), events.kind[heads]]).astype(np.int8)
    length = np.concatenate([np.ones(snps), events.length[heads]]).astype(np.int32)
    base = np.concatenate([alt, np.full(len(heads), 4)]).astype(np.uint8)
    inserted = np.concatenate([np.zeros(snps), events.inserted[heads]]).astype(np.int64)
    support = np.concatenate([counts[at, alt], kept_sizes]).astype(np.int32)
    sort = np.lexsort((inserted, base, length, kind, position))
    carrier_sizes = np.concatenate([np.zeros(snps, np.int64), kept_sizes])[sort]
    carriers_at = np.concatenate([[0], np.cumsum(carrier_sizes)]).astype(np.int64)
    old_at = np.concatenate([np.zeros(snps + 1, np.int64), np.cumsum(kept_sizes)])
    slices = [carriers[old_at[i] : old_at[i + 1]] for i in sort if kind[i] != SNP]
    carriers = np.concatenate(slices).astype(np.int32) if slices else np.zeros(0, np.int32)
    return Candidates(
        position[sort],
        kind[sort],
        length[sort],
        base[sort],
        inserted[sort],
        support[sort],
        carriers_at,
        carriers,
        events.pool,
    )


def allele_strings(candidates: Candidates, reference: np.ndarray, origin: int) -> list[tuple[str, str]]:
    """Give REF and ALT of each candidate as VCF writes them (indels with the base before them)."""
    letters = np.frombuffer(b"ACGTN", np.uint8)
    text = letters[reference].tobytes().decode()
    alleles = []
    for row in range(len(candidates.position)):
        at, length = candidates.position[row] - origin, candidates.length[row]
        if candidates.kind[row] == SNP:
            alleles.append((text[at], "ACGTN"[candidates.alt[row]]))
        elif candidates.kind[row] == DELETION:
            alleles.append((text[at : at + length + 1], text[at]))
        else:
            first = candidates.inserted[row]
            inserted = letters[candidates.pool[first : first + length]].tobytes().decode()
            alleles.append((text[at], text[at] + inserted))
    return alleles
