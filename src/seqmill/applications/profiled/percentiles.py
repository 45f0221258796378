"""Where a response stands among those of a cohort to the same drug."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Better = Literal["low", "high"]
"""Which responses are the wanted ones: low for IC50 and the area under a dose-response curve."""


def percentiles(values: Floats, cohort: Floats, better: Better = "low") -> Floats:
    """Give the share of a cohort that responds better, in percent, float64 [n]; ties count half.

    Parameters
    ----------
    values : float64 array, shape (n,)
        Responses, predicted or observed.
    cohort : float64 array, shape (m,)
        Responses of the cohort to the same drug, in the same way; nan is left out.
    better : str
        Which responses are better.

    Returns
    -------
    float64 array, shape (n,)
        0 for a response better than all of the cohort's, 100 for one worse than all; nan without a cohort.
    """
    known = np.sort(cohort[~np.isnan(cohort)])
    if not len(known):
        return np.full(len(values), np.nan)
    below = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
    share = 50 * below / len(known)
    return share if better == "low" else 100 - share


def each_drug(values: Floats, cohort: Floats, better: Better = "low") -> Floats:
    """Give `percentiles` drug by drug: [samples, drugs] against [cohort, drugs] to [samples, drugs]."""
    columns = zip(values.T, cohort.T, strict=True)
    return np.stack([percentiles(own, others, better) for own, others in columns], axis=1)
