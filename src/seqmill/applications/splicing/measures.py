"""Measures of sites that are rare among the bases they lie in."""

from typing import Any

import numpy as np
import numpy.typing as npt


def top_k(scores: npt.NDArray[Any], label: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Say which sites are among the k bases with the highest scores, where k is the number of sites.

    Their mean over the sites is the top-k accuracy of SpliceAI (Jaganathan et al. 2019).

    Parameters
    ----------
    scores : array, shape (n,)
        Higher is surer.
    label : bool array, shape (n,)
        Which bases are sites.

    Returns
    -------
    float64 array, shape (n,)
        1 where a site is among them, 0 where it is not; where bases share the k-th score, the chance that a
        site is drawn out of them; nan for bases that are no site.
    """
    k = int(label.sum())
    found = np.full(len(scores), np.nan)
    if not k:
        return found
    edge = np.partition(scores, len(scores) - k)[len(scores) - k]
    above, level = int((scores > edge).sum()), int((scores == edge).sum())
    found[label] = np.where(scores > edge, 1.0, np.where(scores == edge, (k - above) / level, 0.0))[label]
    return found


def average_precision(scores: npt.NDArray[Any], label: npt.NDArray[np.bool_]) -> float:
    """Give the mean over sites of the precision among the bases that score as high; nan without a site."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(label, scores)) if label.any() else float("nan")
