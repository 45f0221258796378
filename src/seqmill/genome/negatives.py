"""Windows of the genome that are no peaks but have the GC content of peaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference

_UNKNOWN = 4
_TILES_AT_ONCE = 1 << 22  # bases


@dataclass(frozen=True)
class Negatives:
    """Windows drawn beside peaks.

    Attributes
    ----------
    windows : tuple of Interval
        By contig, in the order of the reference, then by start; no two overlap.
    wanted : int
        How many were asked for; those that no window of the right GC content was left for are missing.
    dropped : dict
        Candidate windows left out: ``excluded`` overlap a peak or an excluded region, ``unknown_bases`` hold
        a base that is none of ACGT.
    """

    windows: tuple[Interval, ...]
    wanted: int
    dropped: dict[str, int]


def gc_matched_negatives(
    positives: Sequence[Interval],
    reference: Reference,
    *,
    seed: int,
    ratio: int = 1,
    bins: int = 50,
    excluded: Regions | None = None,
) -> Negatives:
    """Draw windows with the histogram of GC content that positive windows have, contig by contig.

    Each contig with positives is tiled from a random offset on; tiles that overlap a positive or an excluded
    region, or hold a base other than ACGT, are left out; from the rest each bin of GC content gets as many as
    it has positives on that contig. So a split by contig has matched negatives in each part.

    Parameters
    ----------
    positives : sequence of Interval
        Windows of one length, on contigs of the reference.
    reference : Reference
        The genome.
    seed : int
        Decides offsets and draws; the result depends on the arguments alone, not on the order of `positives`.
    ratio : int
        Negatives for each positive.
    bins : int
        Bins of GC content from 0 to 1, of equal width.
    excluded : Regions, optional
        Where no negative may lie, such as wider peaks or a list of artefacts.

    Raises
    ------
    InputError
        When there is no positive, or their lengths differ, or one leaves the reference.
    """
    sizes = sorted({len(window) for window in positives})
    if len(sizes) != 1 or sizes[0] < 1:
        found = f"lengths from {sizes[0]} to {sizes[-1]}" if sizes else "none"
        raise InputError(f"positive windows: found {found}, wanted windows of one length")
    unplaced = [window for window in positives if window.contig not in reference.contigs]
    if unplaced:
        raise InputError(f"positive window {unplaced[0]}: {reference.path} holds no such contig")
    size, taken = sizes[0], Regions(positives)
    dropped = {"excluded": 0, "unknown_bases": 0}
    windows: list[Interval] = []
    for number, (contig, length) in enumerate(reference.contigs.items()):
        held = [window.start for window in positives if window.contig == contig]
        if not held:
            continue
        generator = np.random.Generator(np.random.Philox(key=[seed, number]))
        starts = np.arange(int(generator.integers(size)), length - size + 1, size)
        hit = _overlap(taken, contig, starts, size)
        if excluded is not None:
            hit |= _overlap(excluded, contig, starts, size)
        dropped["excluded"] += int(hit.sum())
        starts = starts[~hit]
        content = _gc_content(reference, contig, starts, size)
        unknown = np.isnan(content)
        dropped["unknown_bases"] += int(unknown.sum())
        starts, content = starts[~unknown], content[~unknown]
        goal = _gc_content(reference, contig, np.sort(np.array(held)), size)
        wanted = ratio * np.bincount(_bins(goal[~np.isnan(goal)], bins), minlength=bins)
        drawn = _draw(_bins(content, bins), wanted, generator)
        windows += [Interval(contig, start, start + size) for start in starts[drawn].tolist()]
    return Negatives(tuple(windows), ratio * len(positives), dropped)


def _overlap(regions: Regions, contig: str, starts: np.ndarray, size: int) -> np.ndarray:
    """Say for each window of one size whether it overlaps the regions."""
    ends = regions.ends(contig)
    if not len(ends):
        return np.zeros(len(starts), bool)
    after = np.searchsorted(ends, starts, side="right")
    begins = np.append(regions.starts(contig), np.iinfo(np.int64).max)
    return begins[after] < starts + size


def _gc_content(reference: Reference, contig: str, starts: np.ndarray, size: int) -> np.ndarray:
    """Give the GC content of windows with sorted starts: float64; NaN where a base is none of ACGT."""
    content = np.empty(len(starts))
    for first in range(0, len(starts), max(1, _TILES_AT_ONCE // size)):
        some = starts[first : first + max(1, _TILES_AT_ONCE // size)]
        rows = np.stack([reference.codes(contig, start, start + size) for start in some.tolist()])
        share = ((rows == 1) | (rows == 2)).mean(axis=1)
        content[first : first + len(some)] = np.where((rows == _UNKNOWN).any(axis=1), np.nan, share)
    return content


def _bins(content: np.ndarray, bins: int) -> np.ndarray:
    return np.minimum((content * bins).astype(np.int64), bins - 1)


def _draw(bins: np.ndarray, wanted: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Draw rows without replacement until each bin has what it wants or is used up; sorted."""
    order = generator.permutation(len(bins))
    ranked = order[np.argsort(bins[order], kind="stable")]
    counts = np.bincount(bins, minlength=len(wanted))
    rank = np.arange(len(bins)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(ranked[rank < np.repeat(wanted, counts)])
