"""Windows with a peak, and windows beside them without: shuffles, and stretches of the genome."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.tf_binding.spec import Options
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.negatives import gc_matched_negatives
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Point, windows_around
from seqmill.genome.shuffle import dinucleotide_shuffle
from seqmill.shards.order import example_id

Codes = npt.NDArray[np.uint8]


def around_summits(
    peaks: pd.DataFrame, reference: Reference, options: Options, mask: Regions
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give the windows around the summits of peaks on one contig.

    Returns
    -------
    DataFrame
        ``start`` and ``end`` (0-based half-open, on the reference), ``place`` and ``moved`` of their peaks.
    dict
        Reason -> windows left out; ``same_window`` where two peaks have one summit.
    """
    distinct = peaks.drop_duplicates("summit")
    points = [
        Point(contig, summit, name=str(row))
        for row, (contig, summit) in enumerate(zip(distinct["contig"], distinct["summit"], strict=True))
    ]
    upstream = options.window // 2
    found = windows_around(
        points,
        reference,
        upstream=upstream,
        downstream=options.window - upstream,
        max_unknown=options.max_unknown,
        masks=[mask],
    )
    windows = distinct.iloc[[int(window.name) for window in found.kept]][["place", "moved"]]
    starts = np.array([window.start for window in found.kept], np.int64)
    windows = windows.assign(start=starts, end=starts + options.window)
    return windows, {"same_window": len(peaks) - len(distinct), **found.removed}


def codes_at(reference: Reference, contig: str, starts: Sequence[int], options: Options) -> Codes:
    """Give the base codes of windows, uint8 [n, window]."""
    rows = [reference.codes(contig, start, start + options.window) for start in starts]
    return np.stack(rows) if rows else np.empty((0, options.window), np.uint8)


def shuffles(codes: Codes, keys: Sequence[int]) -> Codes:
    """Shuffle windows, each by a key of its own, so that it depends on nothing beside it."""
    rows = [dinucleotide_shuffle(window[None], seed=key)[0] for window, key in zip(codes, keys, strict=True)]
    return np.stack(rows) if rows else codes


def matched(
    windows: pd.DataFrame,
    peaks: pd.DataFrame,
    reference: Reference,
    options: Options,
    *,
    mask: Regions,
    seed: int,
) -> tuple[list[int], int]:
    """Draw windows of one contig that touch no peak and no mask, with the GC content of `windows`.

    Returns
    -------
    list of int
        Their starts.
    int
        How many were wanted but not found.
    """
    if windows.empty or not options.gc_matched:
        return [], 0
    contig = peaks["contig"].iloc[0]
    bounds = zip(peaks["start"].tolist(), peaks["end"].tolist(), strict=True)
    closed = [Interval(contig, start, end) for start, end in bounds]
    closed += [part for part in mask if part.contig == contig]
    found = gc_matched_negatives(
        [Interval(contig, start, start + options.window) for start in windows["start"].tolist()],
        reference,
        seed=seed,
        ratio=options.gc_matched,
        excluded=Regions(closed),
    )
    return [window.start for window in found.windows], found.wanted - len(found.windows)


def keys_of(seed: int, sample: str, contig: str, starts: Sequence[int], number: int) -> list[int]:
    """Give each window's key of its shuffle of a number."""
    return [example_id(seed, sample, contig, start, number) for start in starts]
