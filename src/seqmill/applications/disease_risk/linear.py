"""Linear models of each outcome with a ridge penalty: logistic, least squares and Cox regression."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize

from seqmill.applications.disease_risk.likelihoods import Labels, Loss

Floats = npt.NDArray[np.float64]

_TOLERANCE = 1e-9


def fit_linear(features: Floats, labels: Labels, loss: Loss, penalty: float) -> Callable[[Floats], Floats]:
    """Minimise the mean loss + penalty / 2 * squared weights; an intercept is not penalised.

    Where there are more features than persons, the problem is solved in the space that the persons span,
    which holds the solution.

    Parameters
    ----------
    features : float64 array, shape (n, features)
        Standardised features of the training persons.
    labels : mapping
        Label -> values (n,).
    loss : callable
        One of `seqmill.applications.disease_risk.likelihoods.LOSSES`.
    penalty : float
        Above 0.

    Returns
    -------
    callable
        Features (m, features) -> what is said of each person (m,).
    """
    reduced, back = _spanned(features)
    width = reduced.shape[1]

    def objective(weights: Floats) -> tuple[float, Floats]:
        value, slope = loss(reduced @ weights[:width] + weights[width], labels)
        gradient = np.append(reduced.T @ slope + penalty * weights[:width], slope.sum())
        return value + penalty / 2 * float(weights[:width] @ weights[:width]), gradient

    found = optimize.minimize(
        objective,
        np.zeros(width + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-14, "gtol": _TOLERANCE, "maxcor": 30},
    )
    weights, level = back @ found.x[:width], float(found.x[width])
    return lambda others: others @ weights + level


def fit_ridge(
    learnt: tuple[Floats, Labels],
    held_out: tuple[Floats, Labels],
    loss: Loss,
    penalties: tuple[float, ...],
) -> Callable[[Floats], Floats]:
    """Fit with each penalty and keep the fit of the least held-out loss; see `fit_linear`."""
    fitted = [fit_linear(*learnt, loss, penalty) for penalty in penalties]
    losses = [loss(one(held_out[0]), held_out[1])[0] for one in fitted]
    return fitted[int(np.argmin(losses))]


def _spanned(features: Floats) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Give coordinates of the persons, (n, r), r at most n, and the way back to features, (features, r)."""
    n, width = features.shape
    if width <= n:
        return features, np.eye(width)
    values, vectors = linalg.eigh(features @ features.T)
    kept = values > values[-1] * 1e-10
    scale = np.sqrt(values[kept])
    return vectors[:, kept] * scale, features.T @ (vectors[:, kept] / scale)
