"""A ridge regression on the profile for each drug: what can be had without knowing molecules."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import linalg

from seqmill.applications.drug_response.pairs import Pairs
from seqmill.applications.profiled.design import standardised

PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Ridge penalties tried, in units of the mean square of a standardised feature; validation chooses."""

Floats = npt.NDArray[np.float64]


def fit_each_drug(
    profiles: Floats, learnt: Pairs, held_out: Pairs, *, penalties: Sequence[float] = PENALTIES
) -> Callable[[Pairs], Floats]:
    """Fit ridge regressions that share one penalty, the one with the least held-out error.

    Each regresses what is left of a drug's responses beside their mean. A drug that was not learnt gets the
    mean of the predictions for all others.

    Parameters
    ----------
    profiles : float64 array, shape (rows, features)
        The table of profiles; nan where a value is missing, which then is the mean.
    learnt, held_out : Pairs
        What is learnt from, and what chooses the penalty.
    penalties : sequence of float
        To choose from.

    Returns
    -------
    callable
        Pairs to predictions, float64 [n].
    """
    features = standardised(profiles, learnt.left)
    kernel = features @ features.T / features.shape[1]
    drugs = [np.flatnonzero(learnt.right == drug) for drug in np.unique(learnt.right)]
    fitted = {penalty: _all_predictions(kernel, learnt, drugs, penalty) for penalty in penalties}

    def said(table: Floats, pairs: Pairs) -> Floats:
        known = np.searchsorted(np.unique(learnt.right), pairs.right).clip(max=len(drugs) - 1)
        is_known = np.unique(learnt.right)[known] == pairs.right
        return np.where(is_known, table[pairs.left, known], table.mean(1)[pairs.left])

    errors = {
        penalty: float(np.mean((said(table, held_out) - held_out.observed) ** 2))
        for penalty, table in fitted.items()
    }
    best = fitted[min(errors, key=errors.__getitem__)]
    return lambda pairs: said(best, pairs)


def _all_predictions(
    kernel: Floats, learnt: Pairs, drugs: Sequence[npt.NDArray[np.int64]], penalty: float
) -> Floats:
    """Give what each drug's regression says of every profile, float64 [profiles, drugs]."""
    columns = []
    for pairs in drugs:
        rows, observed = learnt.left[pairs], learnt.observed[pairs].astype(np.float64)
        penalised = kernel[np.ix_(rows, rows)] + penalty * np.eye(len(rows))
        weights = linalg.solve(penalised, observed - observed.mean(), assume_a="pos")
        columns.append(observed.mean() + kernel[:, rows] @ weights)
    return np.stack(columns, axis=1)
