"""Insert sizes: which outer distances make a proper pair, and their summary."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ENOUGH = 25


@dataclass(frozen=True)
class InsertSize:
    """The range of outer distances of pairs, in bases and both ends included, that counts as proper."""

    low: int = 1
    high: int = 800


def estimate_insert_size(distances: Sequence[int]) -> InsertSize:
    """Estimate the range of proper outer distances from those of confidently mapped pairs.

    The rule of bwa mem: outliers beyond two interquartile ranges are dropped, and the range reaches
    three interquartile ranges beyond the quartiles or four standard deviations from the mean, whichever
    is wider. With fewer than `_ENOUGH` pairs the default range is given.

    Parameters
    ----------
    distances : sequence of int
        Outer distances in bases.
    """
    if len(distances) < _ENOUGH:
        return InsertSize()
    sizes = np.asarray(distances, dtype=np.float64)
    lower, upper = np.percentile(sizes, (25, 75))
    spread = upper - lower
    kept = sizes[(sizes >= lower - 2 * spread) & (sizes <= upper + 2 * spread)]
    mean, deviation = kept.mean(), kept.std()
    return InsertSize(
        low=max(1, int(min(lower - 3 * spread, mean - 4 * deviation))),
        high=int(np.ceil(max(upper + 3 * spread, mean + 4 * deviation))),
    )
