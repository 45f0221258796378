"""Training and validation loss over optimiser steps."""

from collections.abc import Iterator, Sequence

from seqmill.comparison.plots.parts import RING, Figure, figure, short
from seqmill.comparison.runs import Caller, Run

_PARTS = {"train_loss": ("training", "dot", 0.6), "validation_loss": ("validation", "solid", 1.0)}


def plot_learning(callers: Sequence[Caller]) -> dict[str, Figure]:
    """Plot the curves of each trained caller on one common scale; caller -> figure.

    A ring marks the epoch whose weights were kept.
    """
    figures = {}
    for caller in callers:
        traces = [
            trace | {"caller": caller.name, "showlegend": position == 0 and trace["mode"] == "lines"}
            for position, run in enumerate(caller.runs)
            for trace in _run(run)
        ]
        if traces:
            shared = {"hovertemplate": "%{customdata}: %{y:.4f}"}
            figures[caller.name] = figure(300, "optimiser step", "loss", shared=shared, showlegend=True)
            figures[caller.name]["data"] = traces
    losses = [loss for drawn in figures.values() for trace in drawn["data"] for loss in trace["y"]]
    for drawn in figures.values():
        drawn["layout"]["yaxis"] |= {"range": [0, max(losses) * 1.06]}
    return figures


def _run(run: Run) -> Iterator[Figure]:
    history = run.training.get("history", ())
    for name, (part, dash, opacity) in _PARTS.items():
        rows = [row for row in history if row.get(name) is not None]
        if rows:
            yield {
                "name": part,
                "mode": "lines" if len(rows) > 1 else "markers",
                "opacity": opacity,
                "line": {"dash": dash, "width": 1.8},
                "x": [row["step"] for row in rows],
                "y": short(row[name] for row in rows),
                "customdata": [f"seed {run.seed}, epoch {row['epoch']}" for row in rows],
            }
    best = [row for row in history if row["epoch"] == run.training.get("best_epoch")]
    if best and best[-1].get("validation_loss") is not None:
        yield {
            "name": "kept",
            "mode": "markers",
            "marker": RING,
            "x": [best[-1]["step"]],
            "y": short([best[-1]["validation_loss"]]),
            "customdata": [f"seed {run.seed}, epoch {best[-1]['epoch']}"],
        }
