"""Areas under ROC curves of several runs on the same items, with their covariance.

Source of the method: DeLong, DeLong & Clarke-Pearson (1988), "Comparing the areas under two or more
correlated receiver operating characteristic curves", computed from midranks after Sun & Xu (2014), "Fast
implementation of DeLong's algorithm".
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


class Areas(NamedTuple):
    """Areas under ROC curves.

    Attributes
    ----------
    values : float64 array, shape (k,)
        Area of each run; a tie of a positive and a negative counts half.
    covariance : float64 array, shape (k, k)
        Their covariance over items.
    """

    values: Floats
    covariance: Floats


def areas(scores: npt.ArrayLike, labels: npt.ArrayLike) -> Areas:
    """Compute the areas of several runs scored on the same items.

    Parameters
    ----------
    scores : float array, shape (k, n)
        Score of each item by each run; higher means positive.
    labels : bool array, shape (n,)
        Whether an item is positive.

    Raises
    ------
    ValueError
        When there are fewer than two positives or two negatives.
    """
    given, positive = np.atleast_2d(np.asarray(scores, np.float64)), np.asarray(labels, bool)
    cases, controls = given[:, positive], given[:, ~positive]
    n_cases, n_controls = cases.shape[1], controls.shape[1]
    if min(n_cases, n_controls) < 2:
        raise ValueError(f"two positives and two negatives wanted, {n_cases} and {n_controls} found")
    together = stats.rankdata(np.hstack([cases, controls]), axis=1)
    among_cases, among_controls = stats.rankdata(cases, axis=1), stats.rankdata(controls, axis=1)
    of_cases = (together[:, :n_cases] - among_cases) / n_controls
    of_controls = 1 - (together[:, n_cases:] - among_controls) / n_cases
    covariance = np.atleast_2d(np.cov(of_cases)) / n_cases + np.atleast_2d(np.cov(of_controls)) / n_controls
    return Areas(of_cases.mean(axis=1), covariance)


def contrast(found: Areas, weights: npt.ArrayLike) -> tuple[float, float]:
    """Give a weighted sum of areas, such as the difference of two means, and its standard error."""
    of_each = np.asarray(weights, np.float64)
    variance = of_each @ found.covariance @ of_each
    return float(of_each @ found.values), float(np.sqrt(max(variance, 0.0)))
