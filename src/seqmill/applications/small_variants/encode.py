"""A candidate and the reads over it as a compact pileup: one byte a cell, a few scalars a read."""

from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.candidates import Candidates
from seqmill.applications.small_variants.layout import (
    AMBIGUOUS,
    DECISIVE,
    FIRST_OF_PAIR,
    LLR_LARGEST,
    LLR_STEPS,
    LLR_ZERO,
    OTHER_ALLELE,
    PRESENT,
    PROPER_PAIR,
    REVERSE,
    SUPPORTS_ALT,
    SUPPORTS_REF,
)
from seqmill.applications.small_variants.ratio import (
    MAX_WIDTH,
    SEGMENT,
    log_ratio,
    new_haplotype,
    new_room,
    prepare,
)
from seqmill.applications.small_variants.realign import FLANK, band_of, build_haplotype, read_segment
from seqmill.applications.small_variants.relative import relate
from seqmill.applications.small_variants.rows import (
    base_at,
    clipped_bases,
    has_indel,
    snp_llr,
    write_cells,
)
from seqmill.applications.small_variants.scan import SNP, Scan, base_code
from seqmill.applications.small_variants.sites import Sites, find_sites
from seqmill.applications.small_variants.spec import SCALARS, Options
from seqmill.reads.columns import ReadColumns
from seqmill.reads.names import hash_name, mix

_UNALIGNED_RATIO = 4.0  # nats of a read that carries an indel too long to be compared


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


def encode_window(
    reads: ReadColumns,
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
    window : Scan
        The scan of the same reads; its reference reaches `LONGEST` bases beyond the candidates.
    candidates : Candidates
        What to encode.
    options : Options
        Size of the pileups.
    seed : int
        Decides which reads stay above the row limit.
    """
    sites = find_sites(reads, candidates, window.reference, window.origin)
    rows = np.minimum(sites.reads, options.rows) + 1
    payload_at = np.concatenate([[0], np.cumsum(rows, dtype=np.int64)]) * options.row_bytes
    pileups = Pileups(
        np.zeros(payload_at[-1], np.uint8), payload_at, sites.reads, np.zeros(len(rows), np.int32)
    )
    _encode(
        reads,
        _hashes(reads, sites, seed),
        window.mismatches,
        candidates,
        sites,
        window.reference,
        window.origin,
        options.rows,
        options.columns,
        pileups.payload,
        pileups.payload_at,
        pileups.support,
    )
    relate(pileups.payload, pileups.payload_at, options.columns)
    return pileups


@njit(cache=True, nogil=True)
def _hashes(reads: ReadColumns, sites: Sites, seed: int) -> np.ndarray:
    """Hash the reads near sites, uint64, shape (n,): mates share a name but not a place."""
    hashes = np.empty(len(reads.start), np.uint64)
    done = 0
    for c in range(len(sites.low)):
        for row in range(max(sites.low[c], done), sites.high[c]):
            name = hash_name(reads.buffer, reads.name_at[row], reads.name_length[row], seed)
            hashes[row] = mix(name ^ np.uint64(seed * 2 + (1 if reads.flag[row] & 64 else 0)))
        done = max(done, sites.high[c])
    return hashes


@njit(cache=True, nogil=True)
def _first(hashes: np.ndarray, found: np.ndarray, n: int, rows: int, order: np.ndarray) -> int:
    """Fill `order` with the reads of the lowest hashes, at most `rows`, sorted; give their number."""
    kept = 0
    for i in range(n):
        key = hashes[found[i]]
        if kept == rows:
            if key >= hashes[found[order[kept - 1]]]:
                continue
            kept -= 1
        at = kept
        while at > 0 and hashes[found[order[at - 1]]] > key:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
        kept += 1
    return kept


@njit(cache=True, nogil=True)
def _encode(
    reads: ReadColumns,
    hashes: np.ndarray,
    mismatches: np.ndarray,
    candidates: Candidates,
    sites: Sites,
    reference: np.ndarray,
    origin: int,
    rows: int,
    width: int,
    payload: np.ndarray,
    payload_at: np.ndarray,
    support: np.ndarray,
) -> None:
    """Fill payload and support.

    Parameters
    ----------
    reads : ReadColumns
        Reads sorted by start.
    hashes : np.ndarray, uint64, shape (n,)
        Hash of each read, which decides who stays above the row limit and the order inside a group.
    mismatches : np.ndarray, int32, shape (n,)
        Mismatches plus gaps of each read.
    candidates : Candidates
        Sorted by position.
    sites : Sites
        Their surroundings.
    reference : np.ndarray, uint8
        Base codes from position `origin` on.
    origin : int
        0-based.
    rows, width : int
        Read rows and reference columns of a pileup.
    payload, payload_at, support
        As in `Pileups`.
    """
    row_bytes = width + SCALARS
    half = width // 2
    bases, qualities = np.empty(SEGMENT, np.uint8), np.empty(SEGMENT, np.uint8)
    plain, changed, room = new_haplotype(), new_haplotype(), new_room()
    most = 0
    for c in range(len(sites.reads)):
        most = max(most, sites.reads[c])
    found, order = np.empty(most, np.int64), np.empty(rows, np.int64)
    nearest, llrs, groups = np.empty(rows, np.int64), np.empty(rows, np.float32), np.empty(rows, np.uint8)
    for c in range(len(sites.reads)):
        anchor, last = np.int64(candidates.position[c]), np.int64(sites.last[c])
        kind, length = candidates.kind[c], np.int64(candidates.length[c])
        local = anchor - origin
        n = 0
        for row in range(sites.low[c], sites.high[c]):
            if reads.end[row] > anchor:
                found[n] = row
                n += 1
        kept = _first(hashes, found, n, rows, order)
        first_carrier, past_carrier = candidates.carriers_at[c], candidates.carriers_at[c + 1]
        carriers = candidates.carriers[first_carrier:past_carrier]
        if kind == SNP:
            expected, alternative = reference[local], candidates.alt[c]
            carried = 0
            if n > kept:
                for i in range(n):
                    aligned, _ = base_at(reads, found[i], anchor)
                    if aligned >= 0:
                        carried += base_code(reads.buffer, reads.bases_at[found[i]], aligned) == alternative
            for place in range(kept):
                row = found[order[place]]
                aligned, nearest[place] = base_at(reads, row, anchor)
                group = 1 | 8
                llr = 0.0
                if aligned >= 0:
                    code = base_code(reads.buffer, reads.bases_at[row], aligned)
                    quality = reads.buffer[reads.qualities_at[row] + aligned]
                    llr = snp_llr(code, quality, expected, alternative)
                    if code == alternative:
                        group = 0 | 4
                        carried += n == kept
                    elif code == expected:
                        group = 2
                llrs[place] = llr
                groups[place] = group
            support[c] = carried
        else:
            window_start, window_end = anchor - FLANK, last + FLANK
            grow = length + 12
            hap_start, hap_end = window_start - grow, window_end + grow
            band = band_of(length)
            realigned = hap_start > origin and hap_end < origin + len(reference)
            realigned &= hap_end - hap_start + length < SEGMENT and 2 * band + 3 < MAX_WIDTH
            plain_size, changed_size = hap_end - hap_start, 0
            plain_cheapest, changed_cheapest = np.float32(0.0), np.float32(0.0)
            if realigned:
                for step in range(plain_size):
                    plain.bases[step] = reference[hap_start + step - origin]
                changed_size = build_haplotype(
                    candidates, c, reference, hap_start, hap_end, origin, changed.bases
                )
                plain_cheapest, changed_cheapest = (
                    prepare(plain, plain_size),
                    prepare(changed, changed_size),
                )
            spot = 0
            for i in range(n):
                while spot < len(carriers) and carriers[spot] < found[i]:
                    spot += 1
                support[c] += spot < len(carriers) and carriers[spot] == found[i]
            for place in range(kept):
                row = found[order[place]]
                aligned, nearest[place] = base_at(reads, row, anchor)
                spot = np.searchsorted(carriers, row)
                supports = spot < len(carriers) and carriers[spot] == row
                llr = 0.0
                if realigned:
                    size, begins = read_segment(reads, row, window_start, window_end, bases, qualities)
                    if size > 0:
                        llr = log_ratio(
                            bases,
                            qualities,
                            size,
                            plain,
                            plain_size,
                            plain_cheapest,
                            changed,
                            changed_size,
                            changed_cheapest,
                            begins - hap_start,
                            band,
                            room,
                        )
                elif supports:
                    llr = _UNALIGNED_RATIO
                other = False
                if not supports and aligned >= 0 and candidates.neighbours[c] > 0:
                    other = has_indel(reads, row, anchor, last)
                if supports or llr > DECISIVE:
                    group = 0
                elif other:
                    group = 1
                else:
                    group = 2
                llrs[place] = llr
                groups[place] = group | (4 if supports else 0) | (8 if other else 0)

        at = payload_at[c]
        for step in range(width):
            position = local - half + step
            code = reference[position] if 0 <= position < len(reference) else 4
            payload[at + step] = ((code + 1) if code < 4 else AMBIGUOUS) << 5
        header = at + width
        payload[header] = kind
        payload[header + 1] = 0 if kind == SNP else min(length, 255)
        payload[header + 2] = min(sites.run[c], 255)
        payload[header + 3] = sites.unit[c]
        payload[header + 4] = min(sites.copies[c], 255)
        payload[header + 5] = min(n, 255)
        payload[header + 6] = min(candidates.neighbours[c], 255)
        payload[header + 7] = 1
        at += row_bytes
        for group in range(3):
            for place in range(kept):
                if groups[place] & 3 != group:
                    continue
                row = found[order[place]]
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
                if groups[place] & 4:
                    bits |= SUPPORTS_ALT
                elif groups[place] & 8:
                    bits |= OTHER_ALLELE
                elif reads.end[row] > last:
                    bits |= SUPPORTS_REF
                close = nearest[place]
                payload[scalars] = reads.mapq[row]
                payload[scalars + 1] = bits
                llr = min(max(llrs[place] * LLR_STEPS, -LLR_LARGEST), LLR_LARGEST)
                payload[scalars + 2] = int(llr) + LLR_ZERO
                payload[scalars + 3] = reads.buffer[reads.qualities_at[row] + close]
                payload[scalars + 4] = min(min(close, reads.length[row] - 1 - close), 255)
                payload[scalars + 5] = min(max(mismatches[row] - (1 if groups[place] & 4 else 0), 0), 255)
                payload[scalars + 6] = min(clipped_bases(reads, row), 255)
                payload[scalars + 7] = min(abs(reads.insert_size[row]) >> 3, 255)
                at += row_bytes
