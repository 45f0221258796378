"""Ridge regression, the linear baseline of several applications; validation chooses its penalty."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import linalg

Floats = npt.NDArray[np.float64]

PENALTIES = (1.0, 10.0, 100.0, 1e3, 1e4)
"""Ridge penalties tried, unless others are given."""


def fit_ridge(
    x: Floats,
    y: Floats,
    held_out: tuple[Floats, Floats],
    *,
    penalties: Sequence[float] = PENALTIES,
    standardised: bool = True,
) -> Callable[[Floats], Floats]:
    """Fit ridge regression; the penalty is the one with the least held-out error.

    Parameters
    ----------
    x, y : float64 array, shape (n, features) and (n,)
        What is learnt from.
    held_out : tuple of array
        The same of the validation split.
    penalties : sequence of float
        To choose from, added to the diagonal of the features' covariance times n.
    standardised : bool
        Whether features are divided by their spread. Counts of rare words are better left as they are: their
        small spread is what keeps their weights small.

    Returns
    -------
    callable
        Features to predictions.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where((spread > 0) & standardised, spread, 1.0)
    scaled, level = (x - mean) / spread, y.mean()
    gram, moment = scaled.T @ scaled, scaled.T @ (y - level)

    def solved(penalty: float) -> Callable[[Floats], Floats]:
        weights = linalg.solve(gram + penalty * np.eye(len(gram)), moment, assume_a="pos")
        return lambda features: level + (features - mean) / spread @ weights

    fitted = [solved(penalty) for penalty in penalties]
    errors = [float(np.mean((one(held_out[0]) - held_out[1]) ** 2)) for one in fitted]
    return fitted[int(np.argmin(errors))]
