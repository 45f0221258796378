"""Candidate alleles of a window: every SNP and indel that enough reads carry, left-aligned."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.applications.small_variants.scan import DELETION, INSERTION, SNP, Events, Scan
from seqmill.applications.small_variants.spec import Options

_LETTERS = np.frombuffer(b"ACGTN", np.uint8)


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
    neighbours : np.ndarray, int32, shape (c,)
        Other candidates at the same position, of the whole sample: those not selected count, too.
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
    neighbours: np.ndarray
    carriers_at: np.ndarray
    carriers: np.ndarray
    pool: np.ndarray

    def select(self, keep: np.ndarray) -> "Candidates":
        """Give the candidates where the boolean array `keep` is true."""
        sizes = np.diff(self.carriers_at)
        at = np.concatenate([[0], np.cumsum(sizes[keep])]).astype(np.int64)
        carriers = self.carriers[np.repeat(keep, sizes)]
        fields = [array[keep] for array in self[:7]]
        return Candidates(*fields, at, carriers, self.pool)


class Texts(NamedTuple):
    """Strings that lie one after another, as Arrow keeps them: bytes, and where each begins and ends."""

    letters: np.ndarray
    at: np.ndarray


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
    rules = (
        options.min_support,
        options.min_fraction,
        options.single_read_depth,
        options.single_read_quality,
    )
    span = slice(start - window.start, end - window.start)
    counts, depth = window.counts[span], window.depth[span]
    at, alt = _snps(counts, window.best[span], depth, *rules)
    snps = len(at)

    events = window.events
    order = np.lexsort((events.read, events.key, events.length, events.kind, events.position))
    heads, sizes, kept = _indels(events, order, start, end, depth, *rules)
    carriers = events.read[order][np.repeat(kept, sizes)]
    heads, sizes = heads[kept], sizes[kept]

    position = np.concatenate([at + start, events.position[heads]]).astype(np.int32)
    kind = np.concatenate([np.full(snps, SNP), events.kind[heads]]).astype(np.int8)
    length = np.concatenate([np.ones(snps), events.length[heads]]).astype(np.int32)
    base = np.concatenate([alt, np.full(len(heads), 4)]).astype(np.uint8)
    inserted = np.concatenate([np.zeros(snps), events.inserted[heads]]).astype(np.int64)
    support = np.concatenate([counts[at, alt], sizes]).astype(np.int32)
    sort = np.lexsort((inserted, base, length, kind, position))
    carried = np.concatenate([np.zeros(snps, np.int64), sizes])
    carriers_at = np.concatenate([[0], np.cumsum(carried[sort])])
    places = np.repeat((np.cumsum(carried) - carried)[sort] - carriers_at[:-1], carried[sort])
    position = position[sort]
    same = np.searchsorted(position, position, side="right") - np.searchsorted(position, position)
    return Candidates(
        position,
        kind[sort],
        length[sort],
        base[sort],
        inserted[sort],
        support[sort],
        (same - 1).astype(np.int32),
        carriers_at,
        carriers[places + np.arange(len(places))],
        events.pool,
    )


@njit(cache=True, nogil=True, inline="always")
def _enough(support: int, depth: int, quality: int, least: int, fraction: float, few: int, good: int) -> bool:
    """Say whether enough reads carry an allele; where few reads lie, one good one is enough."""
    if support >= least and support >= fraction * depth:
        return True
    return support >= 1 and depth <= few and quality >= good


@njit(cache=True, nogil=True)
def _snps(
    counts: np.ndarray,
    best: np.ndarray,
    depth: np.ndarray,
    least: int,
    fraction: float,
    few: int,
    good: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Give place and base of the SNPs with enough support."""
    differing = 0
    for place in range(len(counts)):
        differing += (counts[place, 0] | counts[place, 1] | counts[place, 2] | counts[place, 3]) != 0
    places, bases = np.empty(4 * differing, np.int64), np.empty(4 * differing, np.int64)
    found = 0
    for place in range(len(counts)):
        if (counts[place, 0] | counts[place, 1] | counts[place, 2] | counts[place, 3]) == 0:
            continue
        for base in range(4):
            if _enough(counts[place, base], depth[place], best[place, base], least, fraction, few, good):
                places[found], bases[found] = place, base
                found += 1
    return places[:found], bases[:found]


@njit(cache=True, nogil=True)
def _indels(
    events: Events,
    order: np.ndarray,
    start: int,
    end: int,
    depth: np.ndarray,
    least: int,
    fraction: float,
    few: int,
    good: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Group equal events, sorted by `order`; give the first and the number of each, and whether it counts."""
    total = len(order)
    heads, sizes, kept = np.empty(total, np.int64), np.zeros(total, np.int64), np.zeros(total, np.bool_)
    groups = 0
    at = 0
    while at < total:
        head = order[at]
        quality = events.quality[head]
        last = at + 1
        while (
            last < total
            and events.position[order[last]] == events.position[head]
            and events.kind[order[last]] == events.kind[head]
            and events.length[order[last]] == events.length[head]
            and events.key[order[last]] == events.key[head]
        ):
            quality = max(quality, events.quality[order[last]])
            last += 1
        place = events.position[head] - start
        if 0 <= place < end - start:
            kept[groups] = _enough(last - at, depth[place], quality, least, fraction, few, good)
        heads[groups], sizes[groups] = head, last - at
        groups += 1
        at = last
    return heads[:groups], sizes[:groups], kept[:groups]


def allele_texts(candidates: Candidates, reference: np.ndarray, origin: int) -> tuple[Texts, Texts]:
    """Give REF and ALT of each candidate as VCF writes them (indels with the base before them).

    Parameters
    ----------
    candidates : Candidates
        The candidates.
    reference : np.ndarray, uint8
        Base codes from reference position `origin` on.
    origin : int
        0-based.
    """
    removed = np.where(candidates.kind == DELETION, candidates.length, 0)
    added = np.where(candidates.kind == INSERTION, candidates.length, 0)
    ref_at, alt_at = (
        np.concatenate([[0], np.cumsum(sizes + 1)]).astype(np.int32) for sizes in (removed, added)
    )
    ref, alt = np.empty(ref_at[-1], np.uint8), np.empty(alt_at[-1], np.uint8)
    _spell(candidates, reference, origin, ref, ref_at, alt, alt_at)
    return Texts(_LETTERS[ref], ref_at), Texts(_LETTERS[alt], alt_at)


@njit(cache=True, nogil=True)
def _spell(
    candidates: Candidates,
    reference: np.ndarray,
    origin: int,
    ref: np.ndarray,
    ref_at: np.ndarray,
    alt: np.ndarray,
    alt_at: np.ndarray,
) -> None:
    for row in range(len(candidates.position)):
        at = candidates.position[row] - origin
        for step in range(ref_at[row + 1] - ref_at[row]):
            ref[ref_at[row] + step] = reference[at + step]
        alt[alt_at[row]] = candidates.alt[row] if candidates.kind[row] == SNP else reference[at]
        for step in range(alt_at[row + 1] - alt_at[row] - 1):
            alt[alt_at[row] + 1 + step] = candidates.pool[candidates.inserted[row] + step]


def allele_strings(candidates: Candidates, reference: np.ndarray, origin: int) -> list[tuple[str, str]]:
    """Give REF and ALT of each candidate as `allele_texts` does, as pairs of strings."""
    spelt = []
    for letters, at in allele_texts(candidates, reference, origin):
        text = letters.tobytes().decode()
        spelt.append([text[first:last] for first, last in pairwise(at)])
    return list(zip(*spelt, strict=True))
