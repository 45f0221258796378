"""Mean losses of linear models of each outcome, and their gradients by what is said of each person."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy import special

from seqmill.applications.disease_risk.outcomes import (
    BINARY,
    DISEASE,
    EVENT,
    QUANTITATIVE,
    SURVIVAL,
    TIME,
    TRAIT,
)

Floats = npt.NDArray[np.float64]
Labels = Mapping[str, npt.NDArray[np.floating]]
Loss = Callable[[Floats, Labels], tuple[float, Floats]]


def logistic(said: Floats, labels: Labels) -> tuple[float, Floats]:
    """Give the mean surprise at diseases under log-odds, and its gradient (n,)."""
    disease = labels[DISEASE].astype(np.float64)
    loss = np.logaddexp(0, said) - disease * said
    return float(loss.mean()), (special.expit(said) - disease) / len(said)


def squared(said: Floats, labels: Labels) -> tuple[float, Floats]:
    """Give half the mean squared error, and its gradient (n,)."""
    errors = said - labels[TRAIT].astype(np.float64)
    return float((errors**2).mean() / 2), errors / len(said)


def cox(said: Floats, labels: Labels) -> tuple[float, Floats]:
    """Give the negative log partial likelihood over the number of persons, and its gradient (n,).

    Ties as Breslow (1974): whoever shares a time is at risk at it. An event at time t adds to the gradient of
    all who are at risk then their share of the summed hazard.
    """
    time, event = labels[TIME].astype(np.float64), labels[EVENT].astype(np.float64)
    times, which = np.unique(time, return_inverse=True)
    highest = said.max()
    hazard = np.exp(said - highest)
    at_risk = np.cumsum(np.bincount(which, hazard, len(times))[::-1])[::-1]
    loss = (event * (np.log(at_risk)[which] + highest - said)).sum()
    cumulated = np.cumsum(np.bincount(which, event, len(times)) / at_risk)
    return float(loss / len(said)), (hazard * cumulated[which] - event) / len(said)


LOSSES: Mapping[str, Loss] = {BINARY: logistic, QUANTITATIVE: squared, SURVIVAL: cox}
"""Outcome -> its loss."""
