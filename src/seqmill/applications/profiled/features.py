"""The features of a table as one matrix, for baselines."""

import numpy as np
import numpy.typing as npt

from seqmill.profiles.table import Table

Floats = npt.NDArray[np.float64]


def side(table: Table) -> Floats:
    """Give all features of a table but tokens, float64 [rows, features]; a missing value is nan."""
    return np.hstack(
        [
            np.where(block.mask, block.values.astype(np.float64), np.nan)
            for block in table.blocks.values()
            if not block.vocabulary
        ]
    )
