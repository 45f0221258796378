"""Precision over recall as the quality threshold moves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from seqmill.comparison.plots.parts import RING, Figure, figure, short
from seqmill.comparison.runs import Caller

_FURTHER_SEEDS = 0.45
_TOLERANCE = 2e-4
_ZOOM = 2


def plot_precision_recall(callers: Sequence[Caller]) -> dict[tuple[str, str], Figure]:
    """Plot every run's curve; (level, cell) -> figure. A ring marks the threshold in use.

    The first seed of an experiment is drawn in full, further ones pale. The view begins at the corner
    where the curves end.
    """
    hover = "quality %{customdata}: recall %{x:.4f}, precision %{y:.4f}"
    figures: dict[tuple[str, str], Figure] = {}
    for caller in callers:
        for position, run in enumerate(caller.runs):
            begun: Figure = {"caller": caller.name}
            if run.seed is not None:
                begun["name"] = f"{caller.name}, seed {run.seed}"
            if position:
                begun["opacity"] = _FURTHER_SEEDS
            for traced in run.curves.get("precision_recall", ()):
                if traced["quality"]:
                    key = (traced["level"], traced["cell"])
                    empty = figure(
                        460, "recall", "precision", shared={"mode": "lines", "hovertemplate": hover}
                    )
                    figures.setdefault(key, empty)["data"] += _curve(traced, begun)
    for drawn in figures.values():
        least = min(trace["x"][-1] for trace in drawn["data"])
        drawn["layout"]["xaxis"]["range"] = [max(0.0, 1 - _ZOOM * (1 - least)), 1.002]
    return figures


def outline(x: Sequence[float], y: Sequence[float], tolerance: float = _TOLERANCE) -> list[int]:
    """Give the points a curve needs so that no other lies further than `tolerance` off the line.

    Source of the method: Ramer (1972), Douglas & Peucker (1973), with the distance taken along y.
    """
    kept, open_spans = {0, len(x) - 1}, [(0, len(x) - 1)]
    xs, ys = np.asarray(x, float), np.asarray(y, float)
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        width = xs[last] - xs[first]
        along = (xs[inner] - xs[first]) / width if width else np.linspace(0, 1, last - first + 1)[1:-1]
        off = np.abs(ys[inner] - ys[first] - along * (ys[last] - ys[first]))
        if off.max() > tolerance:
            middle = first + 1 + int(off.argmax())
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return sorted(kept)


def _curve(traced: Mapping[str, Any], begun: Figure) -> Iterator[Figure]:
    quality, recall, precision = (traced[name] for name in ("quality", "recall", "precision"))
    kept = outline(recall, precision)
    yield begun | {
        "x": short(recall[index] for index in kept),
        "y": short(precision[index] for index in kept),
        "customdata": short((quality[index] for index in kept), 1),
    }
    threshold = traced["threshold"]
    used = [] if threshold is None else [index for index, at in enumerate(quality) if at >= threshold]
    if used:
        yield begun | {
            "mode": "markers",
            "marker": RING,
            "x": short([recall[used[-1]]]),
            "y": short([precision[used[-1]]]),
            "customdata": [f"{threshold:.3g}, in use"],
        }
