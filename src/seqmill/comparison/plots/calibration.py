"""Observed over claimed error, before and after the temperature."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.plots.parts import Figure, bars, figure, short
from seqmill.comparison.runs import Caller

_SMALLEST = 1e-7


def plot_calibration(callers: Sequence[Caller]) -> dict[str, Figure]:
    """Plot the reliability of each caller that gives probabilities; caller -> figure.

    Both axes are logarithmic and run towards certainty. A bin without a wrong call is drawn at half a
    call, since a logarithm has no place for zero.
    """
    figures = {}
    for caller in callers:
        reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]
        if not reports:
            continue
        hover = "claims %{x:.2e}, observed %{y:.2e} over %{customdata:,} calls"
        drawn = figure(
            340,
            "claimed error",
            "observed error",
            shared={"mode": "lines+markers", "hovertemplate": hover},
            showlegend=True,
        )
        points = [
            _bins(report[when]["bins"], when) | {"caller": caller.name, "showlegend": position == 0}
            for position, report in enumerate(reports)
            for when in ("before", "after")
        ]
        smallest = min(min(trace["x"]) for trace in points)
        drawn["data"] = [_diagonal(smallest), *points]
        ends = [0.1, math.log10(smallest) - 0.3]
        for axis in ("xaxis", "yaxis"):
            drawn["layout"][axis] |= {"type": "log", "range": ends, "dtick": 1, "exponentformat": "power"}
        figures[caller.name] = drawn
    return figures


def _bins(bins: Sequence[Mapping[str, Any]], when: str) -> Figure:
    observed = [max(1 - row["accuracy"], 0.5 / row["count"]) for row in bins]
    points = {
        "name": f"{when} temperature",
        "legendgroup": when,
        "x": short((max(1 - row["confidence"], _SMALLEST) for row in bins), 7),
        "y": short(observed, 7),
        "customdata": [row["count"] for row in bins],
    }
    if when == "before":
        grey = {"line": {"color": "--muted", "dash": "dot"}, "marker": {"color": "--muted"}}
        return points | grey | {"mode": "lines"}
    ends = [[max(1 - row[end], _SMALLEST) for row in bins] for end in ("high", "low")]
    return points | {
        "line": {"dash": "solid"},
        "marker": {"symbol": "circle", "size": 6},
        "error_y": bars(observed, *ends, digits=7) | {"thickness": 0.8},
    }


def _diagonal(smallest: float) -> Figure:
    return {
        "mode": "lines",
        "x": [smallest, 1],
        "y": [smallest, 1],
        "line": {"color": "--faint", "width": 1.2},
        "hoverinfo": "skip",
        "hovertemplate": None,
        "showlegend": False,
    }
