"""Training and validation loss over optimiser steps."""

from collections.abc import Iterator, Mapping, Sequence

from seqmill.comparison.plots.parts import Figure, layout, ring, short, trace
from seqmill.comparison.runs import Caller, Run
from seqmill.comparison.style import Style

_PARTS = {"train_loss": ("training", "dot", 0.6), "validation_loss": ("validation", "solid", 1.0)}


def plot_learning(callers: Sequence[Caller], looks: Mapping[str, Style]) -> dict[str, Figure]:
    """Plot the curves of each trained caller on one common scale; caller -> figure.

    A ring marks the epoch whose weights were kept.
    """
    trained = [caller for caller in callers if any(run.training.get("history") for run in caller.runs)]
    figures = {}
    for caller in trained:
        traces = [piece for run in caller.runs for piece in _run(run, trace(caller.name, looks))]
        figures[caller.name] = {
            "data": traces,
            "layout": layout(300, "optimiser step", "loss", showlegend=True),
        }
    losses = [loss for figure in figures.values() for piece in figure["data"] for loss in piece["y"]]
    for figure in figures.values():
        figure["layout"]["yaxis"] |= {"range": [0, max(losses) * 1.06]}
    return figures


def _run(run: Run, begun: Figure) -> Iterator[Figure]:
    history = run.training.get("history", ())
    for name, (part, dash, opacity) in _PARTS.items():
        rows = [row for row in history if row.get(name) is not None]
        yield {
            "name": f"{part}, seed {run.seed}",
            "mode": "lines" if len(rows) > 1 else "markers",
            "opacity": opacity,
            "x": [row["step"] for row in rows],
            "y": short(row[name] for row in rows),
            "line": begun["line"] | {"dash": dash, "width": 1.8},
            "marker": begun["marker"],
            "customdata": [row["epoch"] for row in rows],
            "hovertemplate": "epoch %{customdata}: %{y:.4f}",
        }
    best = [row for row in history if row["epoch"] == run.training.get("best_epoch")]
    if best and best[-1].get("validation_loss") is not None:
        yield {
            "name": f"kept, seed {run.seed}",
            "mode": "markers",
            "showlegend": False,
            "x": [best[-1]["step"]],
            "y": short([best[-1]["validation_loss"]]),
            "marker": ring(begun),
            "hovertemplate": f"kept: epoch {best[-1]['epoch']}, %{{y:.4f}}",
        }
