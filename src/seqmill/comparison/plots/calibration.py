"""Observed over claimed error, before and after the temperature."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.plots.parts import Figure, bars, figure, short
from seqmill.comparison.runs import Caller

_SMALLEST = 1e-7
_DIAGONAL: Figure = {
    "mode": "lines",
    "x": [_SMALLEST, 1],
    "y": [_SMALLEST, 1],
    "line": {"color": "--faint", "width": 1.2},
    "hoverinfo": "skip",
    "hovertemplate": None,
    "showlegend": False,
}
_BEFORE = {
    "name": "before temperature",
    "legendgroup": "before",
    "mode": "lines",
    "line": {"color": "--muted", "dash": "dot"},
    "error_y": None,
}
_AFTER = {
    "name": "after temperature",
    "legendgroup": "after",
    "line": {"dash": "solid"},
    "marker": {"symbol": "circle", "size": 6},
}


def plot_calibration(callers: Sequence[Caller]) -> dict[str, Figure]:
    """Plot the reliability of each caller that gives probabilities; caller -> figure.

    Both axes are logarithmic and run towards certainty. A bin without a wrong call has no place on
    them: an open triangle stands at the upper end of the interval of its error instead.
    """
    figures = {}
    for caller in callers:
        reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]
        if not reports:
            continue
        hover = "claims %{x:.2e}, observed %{y:.2e} over %{customdata}"
        drawn = figure(
            340,
            "claimed error",
            "observed error",
            shared={"mode": "lines+markers", "hovertemplate": hover},
            showlegend=True,
        )
        points = [
            trace | {"caller": caller.name, "showlegend": position == 0 and "legendgroup" in trace}
            for position, report in enumerate(reports)
            for trace in (
                _line(report["before"]["bins"]) | _BEFORE,
                _line(report["after"]["bins"]) | _AFTER,
                _unseen(report["after"]["bins"]),
            )
            if trace["x"]
        ]
        for axis in "xy":
            smallest = min(min(trace[axis]) for trace in points)
            drawn["layout"][f"{axis}axis"] |= {
                "type": "log",
                "range": [0.1, math.log10(smallest) - 0.3],
                "dtick": 1,
                "exponentformat": "power",
            }
        drawn["data"] = [_DIAGONAL, *points]
        figures[caller.name] = drawn
    return figures


def _line(bins: Sequence[Mapping[str, Any]]) -> Figure:
    rows = [row for row in bins if row["accuracy"] < 1]
    observed = [1 - row["accuracy"] for row in rows]
    ends = [[1 - row[end] for row in rows] for end in ("high", "low")]
    return {
        "x": _claims(rows),
        "y": short(observed, 7),
        "error_y": bars(observed, *ends, digits=7) | {"thickness": 0.8},
        "customdata": [f"{row['count']:,} calls" for row in rows],
    }


def _unseen(bins: Sequence[Mapping[str, Any]]) -> Figure:
    rows = [row for row in bins if row["accuracy"] == 1]
    return {
        "mode": "markers",
        "marker": {"symbol": "triangle-up-open", "size": 8},
        "x": _claims(rows),
        "y": short((1 - row["low"] for row in rows), 7),
        "customdata": [f"{row['count']:,} calls, none wrong: at most this" for row in rows],
    }


def _claims(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return short((max(1 - row["confidence"], _SMALLEST) for row in rows), 7)
