"""Probabilities that mean what they say: temperature scaling and how to check it.

Source of the method: Guo et al. (2017), "On Calibration of Modern Neural Networks".
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 1.0)
_LOG_RANGE = (np.log(1e-2), np.log(1e2))
_PRIOR_SD = 0.5


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """Find the temperature under which held-out labels are most likely.

    A normal prior on its logarithm, of mean 0 and standard deviation 0.5, counts as much as a few labels:
    without it a split in which every call is right would ask for a temperature of zero.

    Parameters
    ----------
    logits : float array, shape (n, classes)
        Scores before the softmax, of the validation split.
    labels : int array, shape (n,)
        True class of each row.

    Returns
    -------
    float
        Temperature between 0.01 and 100; divide logits by it.

    Raises
    ------
    ValueError
        When there is no row to fit on.
    """
    if not len(labels):
        raise ValueError("no labelled row to fit a temperature on")
    scores = np.asarray(logits, np.float64)
    chosen = scores[np.arange(len(labels)), labels]

    def loss(log_temperature: float) -> float:
        inverse = np.exp(-log_temperature)
        surprise = np.sum(special.logsumexp(scores * inverse, axis=1) - chosen * inverse)
        return float(surprise + (log_temperature / _PRIOR_SD) ** 2 / 2)

    return float(np.exp(optimize.minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded").x))


def probabilities(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Give the softmax of logits over a temperature, shape (n, classes)."""
    return special.softmax(np.asarray(logits, np.float64) / temperature, axis=1)


def error_phred(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Give the Phred-scaled probability that the best class is wrong, shape (n,).

    Computed from log-probabilities, so that it does not saturate where the softmax rounds to 1.
    """
    scores = np.sort(np.asarray(logits, np.float64) / temperature, axis=1)
    log_wrong = special.logsumexp(scores[:, :-1], axis=1) - special.logsumexp(scores, axis=1)
    return -10 / np.log(10) * log_wrong


def reliability(probs: Floats, labels: Labels, *, edges: tuple[float, ...] = EDGES) -> list[dict[str, float]]:
    """Tabulate how often the best class is right against how often it claims to be.

    Parameters
    ----------
    probs : float array, shape (n, classes)
        Class probabilities.
    labels : int array, shape (n,)
        True class of each row.
    edges : tuple of float
        Rising edges of the confidence bins, ``(low, high]``; finer towards 1 by default.

    Returns
    -------
    list of dict
        One for each bin that holds rows: ``confidence`` (mean), ``accuracy``, ``low`` and ``high`` (95 %
        Wilson interval of the accuracy), ``count``.
    """
    confidence, right = _best(probs, labels)
    bins = np.clip(np.digitize(confidence, edges, right=True) - 1, 0, len(edges) - 2)
    table = []
    for index in np.unique(bins):
        inside = bins == index
        count, hits = int(inside.sum()), int(right[inside].sum())
        interval = stats.binomtest(hits, count).proportion_ci(method="wilson")
        table.append(
            {
                "confidence": float(confidence[inside].mean()),
                "accuracy": hits / count,
                "low": float(interval.low),
                "high": float(interval.high),
                "count": count,
            }
        )
    return table


def expected_calibration_error(probs: Floats, labels: Labels, *, bins: int = 15) -> float:
    """Give the mean gap between confidence and accuracy over bins of equal width, weighted by rows."""
    table = reliability(probs, labels, edges=tuple(np.linspace(0, 1, bins + 1)))
    gaps = sum(row["count"] * abs(row["accuracy"] - row["confidence"]) for row in table)
    return float(gaps / len(labels))


def calibration_report(logits: Floats, labels: Labels, temperature: float) -> dict[str, Any]:
    """Describe calibration before and after a temperature, for ``curves.json``.

    Returns
    -------
    dict
        ``temperature``, and ``before`` and ``after``, each with ``ece`` and ``bins`` (see `reliability`).
    """
    report: dict[str, Any] = {"temperature": temperature}
    for name, scale in (("before", 1.0), ("after", temperature)):
        probs = probabilities(logits, scale)
        report[name] = {"ece": expected_calibration_error(probs, labels), "bins": reliability(probs, labels)}
    return report


def _best(probs: Floats, labels: Labels) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    return np.max(probs, axis=1).astype(np.float64), np.argmax(probs, axis=1) == labels
