"""Many tests judged together."""

import numpy as np
import numpy.typing as npt


def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjust p-values so that the chance of any false alarm among them stays below the level.

    Source of the method: Holm (1979), "A simple sequentially rejective multiple test procedure".

    Parameters
    ----------
    p_values : float array, shape (m,)
        One for each test of the family.

    Returns
    -------
    float64 array, shape (m,)
        Adjusted p-values in the given order, at most 1: reject where they do not exceed the level.
    """
    given = np.asarray(p_values, np.float64)
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
