"""Observed over claimed error, before and after the temperature."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.plots.parts import Figure, bars, layout, short
from seqmill.comparison.runs import Caller
from seqmill.comparison.style import Style

_SMALLEST = 1e-7


def plot_calibration(callers: Sequence[Caller], looks: Mapping[str, Style]) -> dict[str, Figure]:
    """Plot the reliability of each caller that gives probabilities; caller -> figure.

    Both axes are logarithmic and run towards certainty. A bin without a wrong call is drawn at half a
    call, since a logarithm has no place for zero.
    """
    figures = {}
    for caller in callers:
        reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]
        if not reports:
            continue
        drawn = [
            _bins(report[when]["bins"], when, looks[caller.name].colour) | {"showlegend": position == 0}
            for position, report in enumerate(reports)
            for when in ("before", "after")
        ]
        smallest = min(min(points["x"]) for points in drawn)
        figures[caller.name] = {
            "data": [_diagonal(smallest), *drawn],
            "layout": layout(340, "claimed error", "observed error", showlegend=True),
        }
        for axis in ("xaxis", "yaxis"):
            figures[caller.name]["layout"][axis] |= {"type": "log", "autorange": "reversed", "dtick": 1}
    return figures


def _bins(bins: Sequence[Mapping[str, Any]], when: str, colour: str) -> Figure:
    after = when == "after"
    observed = [max(1 - row["accuracy"], 0.5 / row["count"]) for row in bins]
    ends = [[max(1 - row[end], _SMALLEST) for row in bins] for end in ("high", "low")]
    return {
        "name": f"{when} temperature",
        "legendgroup": when,
        "mode": "lines+markers",
        "x": short((max(1 - row["confidence"], _SMALLEST) for row in bins), 7),
        "y": short(observed, 7),
        "error_y": bars(observed, *ends, digits=7),
        "line": {"color": colour if after else "--muted", "width": 1.6, "dash": "solid" if after else "dot"},
        "marker": {
            "color": colour if after else "--muted",
            "size": 7,
            "symbol": "circle" if after else "circle-open",
        },
        "customdata": [row["count"] for row in bins],
        "hovertemplate": "claims %{x:.2e}, observed %{y:.2e} over %{customdata:,} calls",
    }


def _diagonal(smallest: float) -> Figure:
    return {
        "mode": "lines",
        "x": [smallest, 1],
        "y": [smallest, 1],
        "line": {"color": "--faint", "width": 1.2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
