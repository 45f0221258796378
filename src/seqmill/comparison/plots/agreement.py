"""What was observed over what was predicted, for callers that predict a quantity."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seqmill.comparison.plots.parts import Figure, bars, figure, short
from seqmill.comparison.runs import Caller, Run
from seqmill.evaluation.measures import PAIRS, measured

BINS = 20
"""Groups of as many items each, by what was predicted."""

_QUARTILES = (0.25, 0.75)


def plot_agreement(callers: Sequence[Caller]) -> dict[tuple[str, str], Figure]:
    """Plot the mean observed in groups of items alike in what was predicted; (level, cell) -> figure.

    Bars reach from the lower to the upper quartile of a group. On the diagonal a caller is right on average.
    Of a caller with several seeds the first is drawn.
    """
    hover = "predicted %{x:.3f}: observed %{y:.3f} on average, %{customdata} items"
    figures: dict[tuple[str, str], Figure] = {}
    for caller in callers:
        for (level, cell), values in _pairs(caller.runs[0]).items():
            empty = figure(
                420,
                f"predicted {level.replace('_', ' ')}",
                f"observed {level.replace('_', ' ')}",
                shared={"mode": "lines+markers", "hovertemplate": hover},
            )
            drawn = figures.setdefault((level, cell), empty)
            drawn["data"].append({"caller": caller.name} | _groups(*values))
    return figures


def _pairs(run: Run) -> dict[tuple[str, str], tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Give predicted and observed of each level and cell, without items that lack one."""
    found = {}
    for family, level in measured(run.items.columns):
        if family is PAIRS:
            for cell, inside in run.cells.items():
                values = family.values(inside, level)
                predicted, observed = values[np.isfinite(values).all(axis=1)].T
                if len(predicted):
                    found[level, cell] = predicted, observed
    return found


def _groups(predicted: npt.NDArray[np.float64], observed: npt.NDArray[np.float64]) -> Figure:
    """Give the points of one caller; callers of few different predictions have fewer groups."""
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, BINS + 1)))
    group = np.clip(np.searchsorted(edges, predicted, side="right") - 1, 0, max(len(edges) - 2, 0))
    parts = [group == number for number in np.unique(group)]
    means = [float(observed[part].mean()) for part in parts]
    low, high = zip(*(np.quantile(observed[part], _QUARTILES) for part in parts), strict=True)
    return {
        "x": short(predicted[part].mean() for part in parts),
        "y": short(means),
        "error_y": bars(means, low, high),
        "customdata": [int(part.sum()) for part in parts],
    }
