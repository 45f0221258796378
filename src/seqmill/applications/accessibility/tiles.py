"""A contig cut into examples: base codes and ends at each base, with their flanks."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.spec import Options
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.intervals import Regions

MASKED = 255
"""Stands for a base without a count: masked, beyond the contig, or itself unknown."""

MOST = 254
"""Highest count of a base; where more ends lie, so many are taken."""

REASONS = ("counted", "over_contig_end", "masked", "unknown_bases")
"""What a window is counted as; behind the first why it has no count."""

_TOGETHER = 200  # tiles whose reads are held at once

Bytes = npt.NDArray[np.uint8]


def tile_starts(start: int, end: int, options: Options) -> npt.NDArray[np.int64]:
    """Give the starts of the tiles that begin in ``[start, end)``; tiles lie at multiples of the span."""
    first = -(-start // options.span) * options.span
    return np.arange(first, end, options.span, dtype=np.int64)


def in_groups(starts: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Give starts a few at a time."""
    for at in range(0, len(starts), _TOGETHER):
        yield starts[at : at + _TOGETHER]


def stretch(starts: npt.NDArray[np.int64], options: Options) -> tuple[int, int]:
    """Give the bases that adjoining tiles reach over with their flanks; they may leave the contig."""
    return int(starts[0]) - options.flank, int(starts[-1]) + options.span + options.flank


def cut(values: npt.NDArray[np.uint8], options: Options) -> Bytes:
    """Cut what lies over a `stretch` into its tiles, uint8 [tiles, width]."""
    windows = np.lib.stride_tricks.sliding_window_view(values, options.width)
    return np.ascontiguousarray(windows[:: options.span])


def clipped(counts: npt.NDArray[np.int64]) -> Bytes:
    """Give counts as bytes, at most `MOST`."""
    return np.minimum(counts, MOST).astype(np.uint8)


def missing_over(
    contig: str, length: int, first: int, codes: npt.NDArray[np.uint8], mask: Regions
) -> npt.NDArray[np.uint8]:
    """Say why bases of a stretch have no count: 0 where they have one, else the place of the reason.

    Parameters
    ----------
    contig : str
        Name of the contig, of `length` bases.
    first : int
        Where the stretch begins, 0-based; it may leave the contig.
    codes : uint8 array
        Its base codes.
    mask : Regions
        Regions without a count.

    Returns
    -------
    uint8 array
        Places in `REASONS`; of several the first holds.
    """
    positions = np.arange(first, first + len(codes))
    outside = (positions < 0) | (positions >= length)
    reasons = (outside, mask.contains(contig, positions), codes == AMBIGUOUS)
    return np.select(reasons, range(1, len(REASONS)), default=0).astype(np.uint8)


def missing_windows(missing: npt.NDArray[np.uint8], tiles: int, options: Options) -> dict[str, int]:
    """Count the scored windows of adjoining tiles by why they have no count.

    `missing` is what `missing_over` says from the first tile's span on, to the end of the last window.
    """
    starts = np.arange(tiles * options.windows) * options.stride
    reason = np.zeros(len(starts), np.uint8)
    for place in range(len(REASONS) - 1, 0, -1):
        summed = np.append(0, np.cumsum(missing == place))
        reason[summed[starts + options.window] > summed[starts]] = place
    return dict(zip(REASONS, np.bincount(reason, minlength=len(REASONS)).tolist(), strict=True))
