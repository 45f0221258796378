"""Tables as matrices of features, for models that are linear in them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seqmill.profiles.matrix import Floats, mean_and_spread, side_by_side
from seqmill.profiles.table import Table


def side(table: Table, blocks: Sequence[str] | None = None) -> Floats:
    """Give the features of some blocks of a table, or of all but tokens; float64 [rows, features].

    A missing value is nan.
    """
    numbers = [name for name, one in table.blocks.items() if not one.vocabulary]
    chosen = [table.blocks[name] for name in (numbers if blocks is None else blocks)]
    return side_by_side(chosen)


def standardised(features: Floats, rows: npt.NDArray[np.integer]) -> Floats:
    """Standardise a table over some distinct rows of it; a missing value becomes the mean, which is 0."""
    mean, spread = mean_and_spread(features[np.unique(rows)])
    return np.nan_to_num((features - mean) / spread, nan=0.0)
