"""Blocks of a table as one matrix of numbers, and what its features are standardised by."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from seqmill.profiles.table import Block

Floats = npt.NDArray[np.float64]


def side_by_side(blocks: Iterable[Block]) -> Floats:
    """Give the features of one or more blocks of a table, float64 [n, features]; nan where missing."""
    return np.hstack([np.where(one.mask, one.values.astype(np.float64), np.nan) for one in blocks])


def mean_and_spread(values: Floats) -> tuple[Floats, Floats]:
    """Give mean and standard deviation of each feature over the rows that have it.

    Parameters
    ----------
    values : float64 array, shape (n, features)
        nan where missing.

    Returns
    -------
    tuple of float64 array, shape (features,)
        The spread of a feature that does not vary is 1; the mean of one that is never there is 0.
    """
    there = ~np.isnan(values)
    count = there.sum(0).clip(min=1)
    mean = np.where(there, values, 0).sum(0) / count
    spread = np.sqrt(np.where(there, (values - mean) ** 2, 0).sum(0) / count)
    return mean, np.where(spread > 0, spread, 1.0)
