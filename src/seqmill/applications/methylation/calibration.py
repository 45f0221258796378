"""Whether predicted levels mean what they say."""

from typing import Any

import numpy as np
import numpy.typing as npt

BINS = 15
REPLICATES = 1000
_SEED = 4_127

Floats = npt.NDArray[np.float64]


def calibration_error(
    mark: str, *, predicted: Floats, observed: Floats, weight: Floats, block: npt.NDArray[np.uint64]
) -> dict[str, Any]:
    """Give the expected calibration error, as a row of ``metrics.json``.

    It is the gap between mean predicted and mean observed level in bins of equal width of the prediction,
    averaged by weight (Guo et al. 2017, for soft labels); its interval is that of a Poisson bootstrap over
    blocks. A gap that is noise alone does not vanish: the interval lies above the truth where it is near 0.

    Parameters
    ----------
    mark : str
        Name in the metric, ``ece.MARK``.
    predicted, observed : float64 array, shape (n,)
        Levels in [0, 1].
    weight : float64 array, shape (n,)
        Calls behind each; 0 where the mark is not known.
    block : uint64 array, shape (n,)
        What is drawn together.
    """
    known = weight > 0
    predicted, observed, weight = predicted[known], observed[known], weight[known]
    _, number = np.unique(block[known], return_inverse=True)
    place = np.clip((predicted * BINS).astype(np.int64), 0, BINS - 1)
    cell = number * BINS + place
    shape = int(number.max()) + 1, BINS
    sums = np.stack(
        [
            np.bincount(cell, values, shape[0] * BINS).reshape(shape)
            for values in (weight, weight * (predicted - observed))
        ]
    )
    drawn = np.random.Generator(np.random.Philox(_SEED)).poisson(1.0, (REPLICATES, shape[0]))
    low, high = np.nanquantile(_gap(drawn @ sums), [0.025, 0.975])
    return {
        "metric": f"ece.{mark}",
        "value": float(_gap(sums.sum(axis=1))),
        "low": float(low),
        "high": float(high),
        "n": len(predicted),
        "primary": False,
    }


def _gap(sums: Floats) -> Floats:
    """Average gaps from sums of weight and of weighted differences, [2, ..., bins]."""
    with np.errstate(invalid="ignore"):  # a replicate may draw no block at all
        return np.abs(sums[1]).sum(axis=-1) / sums[0].sum(axis=-1)
