"""What was counted in the scored windows of examples."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.tiles import MASKED

Floats = npt.NDArray[np.float64]


class Observed(NamedTuple):
    """Counts of n examples.

    Attributes
    ----------
    ends : int64 array, shape (n, span + tail)
        Ends at each base that a scored window reaches, 0 where there is no count.
    counts : int64 array, shape (n, windows)
        Ends in each scored window.
    known : bool array, shape (n, windows)
        Whether every base of the window has a count.
    """

    ends: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]


def observe(payload: npt.NDArray[np.uint8], options: Options) -> Observed:
    """Read the column ``ends`` of the shards, uint8 [n, width]."""
    reached = payload[:, options.flank : options.flank + options.span + options.tail]
    missing = reached == MASKED
    ends = np.where(missing, 0, reached).astype(np.int64)
    return Observed(ends, window_sums(ends, options), window_sums(missing, options) == 0)


def tracks_of(examples: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Give the place of each example's track, int64 [n]; 0 in a dataset without tracks."""
    if "track" not in examples:
        return np.zeros(len(examples), np.int64)
    return examples["track"].to_numpy(np.int64)


def window_sums(values: npt.NDArray[np.generic], options: Options) -> npt.NDArray[np.int64]:
    """Sum values [n, span + tail] over the scored windows, int64 [n, windows]."""
    summed = np.pad(np.cumsum(values, axis=1, dtype=np.int64), ((0, 0), (1, 0)))
    first = np.arange(options.windows) * options.stride
    return summed[:, first + options.window] - summed[:, first]


def window_profiles(values: npt.NDArray[np.generic], options: Options, size: int) -> Floats:
    """Sum values [n, span + tail] over bins of `size` bases, window by window.

    Returns
    -------
    float64 array, shape (n, windows, window // size)
    """
    binned = values.reshape(len(values), -1, size).sum(axis=2, dtype=np.float64)
    views = np.lib.stride_tricks.sliding_window_view(binned, options.window // size, axis=1)
    return views[:, :: options.stride // size]


def similarity(first: Floats, second: Floats) -> Floats:
    """Give 1 minus the Jensen-Shannon divergence of distributions along the last axis, in bits.

    Where one of them is empty it is nan.

    Source of the measure: Lin (1991), "Divergence measures based on the Shannon entropy".
    """
    with np.errstate(invalid="ignore"):
        p, q = (side / side.sum(axis=-1, keepdims=True) for side in (first, second))
    mean = (p + q) / 2
    return 1 - (_relative_entropy(p, mean) + _relative_entropy(q, mean)) / 2


def _relative_entropy(p: Floats, q: Floats) -> Floats:
    ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
    return np.sum(np.where(p > 0, p, np.where(np.isnan(p), np.nan, 0.0)) * np.log2(ratio), axis=-1)
