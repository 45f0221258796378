"""Ridge regression on pairs out of two tables, without writing the pairs' features down."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg

from seqmill.applications.profiled.design import standardised

PENALTIES = (1e1, 1e2, 1e3, 1e4, 1e5)
"""Ridge penalties tried; validation chooses."""

Floats = npt.NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs: rows of the left and of the right table, int [n], and what was observed, float [n]."""

    left: npt.NDArray[np.integer]
    right: npt.NDArray[np.integer]
    observed: npt.NDArray[np.floating]


def fit_pair_ridge(left: Floats, right: Floats, learnt: Pairs, held_out: Pairs) -> Callable[[Pairs], Floats]:
    """Fit ridge regression on the features of both sides; the penalty has the least held-out error.

    The normal equations need the pairs only through their number for each combination of rows, so that the
    cost is that of the tables. Features are standardised over the rows that training pairs point at, and a
    missing value is the mean.

    Parameters
    ----------
    left, right : float64 array, shape (rows, features)
        The tables; nan where a value is missing.
    learnt, held_out : Pairs
        What is learnt from, and what chooses the penalty.

    Returns
    -------
    callable
        Pairs to predictions, float64 [n].
    """
    left, right = standardised(left, learnt.left), standardised(right, learnt.right)
    shape = (len(left), len(right))
    combined = learnt.left.astype(np.int64) * shape[1] + learnt.right
    counts = np.bincount(combined, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    level = float(np.mean(learnt.observed, dtype=np.float64))
    residual = learnt.observed.astype(np.float64) - level
    rest = np.bincount(combined, residual, minlength=shape[0] * shape[1]).reshape(shape)
    cross = left.T @ counts @ right
    gram = np.block(
        [
            [left.T @ (counts.sum(1)[:, None] * left), cross],
            [cross.T, right.T @ (counts.sum(0)[:, None] * right)],
        ]
    )
    moment = np.concatenate([left.T @ rest.sum(1), right.T @ rest.sum(0)])

    def solved(penalty: float) -> Callable[[Pairs], Floats]:
        penalised = gram.copy()
        penalised[np.diag_indices_from(penalised)] += penalty
        weights = linalg.solve(penalised, moment, assume_a="pos", overwrite_a=True)
        own, other = left @ weights[: left.shape[1]], right @ weights[left.shape[1] :]
        return lambda pairs: level + own[pairs.left] + other[pairs.right]

    fitted = [solved(penalty) for penalty in PENALTIES]
    errors = [float(np.mean((one(held_out) - held_out.observed) ** 2)) for one in fitted]
    return fitted[int(np.argmin(errors))]
