"""Precision and recall as the quality threshold moves."""

from typing import Any

import numpy as np
import numpy.typing as npt

POINTS = 150


def precision_recall(
    quality: npt.ArrayLike, correct: npt.ArrayLike, truths: int, *, points: int = POINTS
) -> dict[str, list[float]]:
    """Trace precision and recall over every threshold that keeps calls at or above a quality.

    Parameters
    ----------
    quality : float array, shape (n,)
        Quality of each call; higher is better.
    correct : bool array, shape (n,)
        Whether the call agrees with the truth.
    truths : int
        Alleles in the truth, called or not.
    points : int
        Thresholds kept at most, evenly spaced along the curve; both ends are always among them.

    Returns
    -------
    dict
        ``quality`` (falling), ``precision``, ``recall`` and ``f1``, lists of equal length.
    """
    thresholds, hits, calls = _cumulative(quality, correct)
    keep = np.unique(np.linspace(0, len(thresholds) - 1, min(points, len(thresholds))).round().astype(int))
    thresholds, hits, calls = thresholds[keep], hits[keep], calls[keep]
    return {
        "quality": thresholds.tolist(),
        "precision": (hits / calls).tolist(),
        "recall": (hits / max(truths, 1)).tolist(),
        "f1": _f1(hits, calls, truths).tolist(),
    }


def best_threshold(quality: npt.ArrayLike, correct: npt.ArrayLike, truths: int) -> float:
    """Give the quality at or above which calls have the best F1; the highest such one, 0 without calls.

    Choose it on validation data and apply it to the test: chosen on the test it flatters the caller.
    """
    thresholds, hits, calls = _cumulative(quality, correct)
    return float(thresholds[np.argmax(_f1(hits, calls, truths))]) if len(thresholds) else 0.0


def curve(cell: str, level: str, *, threshold: float | None, **traced: Any) -> dict[str, Any]:
    """Give one entry of ``precision_recall`` in ``curves.json``.

    Parameters
    ----------
    cell, level : str
        Which items, and what had to agree.
    threshold : float or None
        The quality threshold in use; the report marks it on the curve.
    **traced : Any
        What `precision_recall` gave.
    """
    return {"cell": cell, "level": level, "threshold": threshold, **traced}


def _cumulative(
    quality: npt.ArrayLike, correct: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the distinct thresholds, falling, with the correct calls and all calls each keeps."""
    scores, right = np.asarray(quality, np.float64), np.asarray(correct, bool)
    order = np.argsort(-scores, kind="stable")
    scores, hits = scores[order], np.cumsum(right[order])
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True)) if len(scores) else np.array([], int)
    return scores[last], hits[last].astype(np.int64), (last + 1).astype(np.int64)


def _f1(hits: npt.NDArray[np.int64], calls: npt.NDArray[np.int64], truths: int) -> npt.NDArray[np.float64]:
    return 2 * hits / np.maximum(calls + truths, 1)
