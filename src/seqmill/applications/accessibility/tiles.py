"""A contig cut into examples: base codes and ends at each base, with their flanks."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.spec import Options
from seqmill.genome.intervals import Regions

MASKED = 255
"""Stands for a base without a count: masked, or beyond the contig."""

MOST = 254
"""Highest count of a base; where more ends lie, so many are taken."""

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


def masked_over(contig: str, length: int, first: int, last: int, mask: Regions) -> npt.NDArray[np.bool_]:
    """Say which bases of a stretch have no count: those masked and those beyond the contig."""
    positions = np.arange(first, last)
    return (positions < 0) | (positions >= length) | mask.contains(contig, positions)
