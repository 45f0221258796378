"""Precision over recall as the quality threshold moves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seqmill.comparison.plots.parts import Figure, layout, ring, short, trace
from seqmill.comparison.runs import Caller
from seqmill.comparison.style import Style

_POINTS = 60
_FURTHER_SEEDS = 0.45


def plot_precision_recall(
    callers: Sequence[Caller], looks: Mapping[str, Style]
) -> dict[tuple[str, str], Figure]:
    """Plot every run's curve; (level, cell) -> figure. A ring marks the threshold in use.

    The first seed of an experiment is drawn in full, further ones pale.
    """
    figures: dict[tuple[str, str], Figure] = {}
    for caller in callers:
        for position, run in enumerate(caller.runs):
            label = caller.name if run.seed is None else f"{caller.name}, seed {run.seed}"
            begun = trace(caller.name, looks) | {"name": label, "opacity": _FURTHER_SEEDS if position else 1}
            for traced in run.curves.get("precision_recall", ()):
                if traced["quality"]:
                    empty = {"data": [], "layout": layout(460, "recall", "precision")}
                    figure = figures.setdefault((traced["level"], traced["cell"]), empty)
                    figure["data"] += _curve(traced, begun)
    return figures


def _curve(traced: Mapping[str, Any], begun: Figure) -> Iterator[Figure]:
    quality, recall, precision = (traced[name] for name in ("quality", "recall", "precision"))
    step = max(1, -(-len(quality) // _POINTS))
    kept = sorted({*range(0, len(quality), step), len(quality) - 1})
    yield begun | {
        "mode": "lines",
        "x": short(recall[index] for index in kept),
        "y": short(precision[index] for index in kept),
        "customdata": short((quality[index] for index in kept), 1),
        "hovertemplate": "quality %{customdata}: recall %{x:.4f}, precision %{y:.4f}",
    }
    threshold = traced["threshold"]
    used = [] if threshold is None else [index for index, at in enumerate(quality) if at >= threshold]
    if used:
        yield begun | {
            "name": f"{begun['name']}, in use",
            "mode": "markers",
            "marker": ring(begun),
            "x": short([recall[used[-1]]]),
            "y": short([precision[used[-1]]]),
            "hovertemplate": f"threshold {threshold:.3g}: recall %{{x:.4f}}, precision %{{y:.4f}}",
        }
