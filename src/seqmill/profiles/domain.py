"""Whether new rows of a table are like those that a model has learnt from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.profiles.matrix import Floats, mean_and_spread, side_by_side
from seqmill.profiles.table import Table

NEIGHBOURS = 5
SHARE = 0.95
"""Share of the training rows that are in the domain by their own distances."""

MOST = 2000
"""Training rows that new ones are compared with, evenly drawn where there are more."""

SPARED = 0.1
"""Share of missing values up to which a row is never out of the domain for them alone."""

_TOGETHER = 256


class Judged(NamedTuple):
    """Of each row: its distance, the share of its values that is missing, and whether it is in the domain."""

    distance: Floats
    missing: Floats
    inside: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Domain:
    """Distance to the nearest training rows in the space of standardised features.

    ``float32`` and ``int8`` features are standardised by the training rows; bits and counts stand as they
    are. The distance of two rows is the root of the mean squared difference over the features that both have;
    that of a row to the domain is the mean over its nearest `NEIGHBOURS` training rows. A row is in the
    domain where that is at most what `SHARE` of the training rows have to the others, and where no more of it
    is missing than of any training row, or than `SPARED`.

    Attributes
    ----------
    mean, spread : float64 array, shape (F,)
        What features are standardised by.
    rows : float64 array, shape (n, F)
        Standardised training rows, nan where missing.
    limit : float
        Largest distance in the domain.
    most_missing : float
        Largest share of missing values in the domain.
    """

    mean: Floats
    spread: Floats
    rows: Floats
    limit: float
    most_missing: float

    @classmethod
    def of(cls, table: Table, rows: Sequence[int] | npt.NDArray[np.integer]) -> "Domain":
        """Fit to some distinct rows of a table."""
        chosen = np.unique(rows)
        if len(chosen) > MOST:
            chosen = chosen[np.linspace(0, len(chosen) - 1, MOST).astype(int)]
        values = side_by_side(table.blocks.values())[chosen]
        mean, spread = mean_and_spread(values)
        plain = np.concatenate(
            [np.full(len(one.features), one.values.dtype == np.uint8) for one in table.blocks.values()]
        )
        mean[plain], spread[plain] = 0, 1
        scaled = (values - mean) / spread
        between = _distances(scaled, scaled)
        np.fill_diagonal(between, np.inf)
        own = _nearest(between, min(NEIGHBOURS, len(chosen) - 1))
        limit = float(np.quantile(own, SHARE)) if len(chosen) > 1 else 0.0
        return cls(mean, spread, scaled, limit, max(float(np.isnan(values).mean(1).max()), SPARED))

    def judge(self, table: Table) -> Judged:
        """Judge the rows of a table that has the same features."""
        values = (side_by_side(table.blocks.values()) - self.mean) / self.spread
        nearest = min(NEIGHBOURS, len(self.rows))
        parts = [
            _nearest(_distances(values[at : at + _TOGETHER], self.rows), nearest)
            for at in range(0, len(values), _TOGETHER)
        ]
        distance, missing = np.concatenate(parts), np.isnan(values).mean(1)
        return Judged(distance, missing, (distance <= self.limit) & (missing <= self.most_missing))


def _distances(left: Floats, right: Floats) -> Floats:
    """Give distances over the features that both have, [n, m]; infinite where there are none."""
    x, y = np.nan_to_num(left), np.nan_to_num(right)
    in_x, in_y = (~np.isnan(left)).astype(np.float64), (~np.isnan(right)).astype(np.float64)
    shared = in_x @ in_y.T
    squares = (x * x) @ in_y.T + in_x @ (y * y).T - 2 * x @ y.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(shared > 0, np.sqrt(np.maximum(squares, 0) / shared), np.inf)


def _nearest(distances: Floats, count: int) -> Floats:
    return np.sort(distances, axis=1)[:, :count].mean(1) if count else np.zeros(len(distances))
