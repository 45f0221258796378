"""Tables as matrices of features, for models that are linear in them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seqmill.profiles.table import Table

Floats = npt.NDArray[np.float64]


def side(table: Table, blocks: Sequence[str] | None = None) -> Floats:
    """Give the features of some blocks of a table, or of all but tokens; float64 [rows, features].

    A missing value is nan.
    """
    numbers = [name for name, one in table.blocks.items() if not one.vocabulary]
    chosen = [table.blocks[name] for name in (numbers if blocks is None else blocks)]
    return np.hstack([np.where(one.mask, one.values.astype(np.float64), np.nan) for one in chosen])


def standardised(features: Floats, rows: npt.NDArray[np.integer]) -> Floats:
    """Standardise a table over some distinct rows of it; a missing value becomes the mean, which is 0."""
    learnt = features[np.unique(rows)]
    there = ~np.isnan(learnt)
    count = there.sum(0).clip(min=1)
    mean = np.where(there, learnt, 0).sum(0) / count
    spread = np.sqrt(np.where(there, (learnt - mean) ** 2, 0).sum(0) / count)
    return np.nan_to_num((features - mean) / np.where(spread > 0, spread, 1.0), nan=0.0)
