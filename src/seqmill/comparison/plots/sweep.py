"""The trials of a sweep as lines over their settings, ending at their score."""

import math
from collections.abc import Sequence
from typing import Any

from seqmill.comparison.numbers import MEASURES
from seqmill.comparison.plots.parts import Figure, figure, short
from seqmill.comparison.sweeps import Swept

_WIDE = 20  # numbers that span this factor are placed by their logarithm
_PALEST, _DARKEST = 0.12, 0.7


def plot_sweep(sweep: Swept, *, level: str, measure: str) -> Figure:
    """Plot each trial as a line through its settings, the most telling first, to its score.

    The better a trial, the darker its line; the best is drawn in the accent's colour.
    """
    score = f"{level} {MEASURES[measure]}"
    axes = {**{key: sweep.settings[key] for key in sweep.importance}, score: sweep.scores}
    places, marks = {}, []
    for at, (key, values) in enumerate(axes.items()):
        places[key], ticks = _placed(values)
        marks += [_mark(at, height, text) for height, text in ticks]
    drawn = figure(
        360, "", "", shared={"mode": "lines+markers", "hovertemplate": "%{text}", "hoverinfo": "text"}
    )
    last = len(axes) - 1
    drawn["layout"]["xaxis"] = {
        "tickvals": list(range(len(axes))),
        "ticktext": list(axes),
        "range": [-0.35, last + 0.35],
        "side": "top",
        "gridcolor": "--faint",
    }
    drawn["layout"]["yaxis"] = {"visible": False, "range": [-0.08, 1.08]}
    drawn["layout"] |= {"annotations": marks, "margin": {"l": 24, "r": 24, "t": 40, "b": 12}}
    for place in range(len(sweep.trials) - 1, -1, -1):
        drawn["data"].append(_line(sweep, axes, places, place, score))
    return drawn


def _line(
    sweep: Swept, axes: dict[str, Any], places: dict[str, list[float]], place: int, score: str
) -> Figure:
    best, of = place == 0, max(len(sweep.trials) - 1, 1)
    said = ", ".join(f"{key} {_text(values[place])}" for key, values in axes.items() if key != score)
    return {
        "name": sweep.trials[place],
        "x": list(range(len(axes))),
        "y": short(places[key][place] for key in axes),
        "text": [f"{sweep.trials[place]}: {sweep.scores[place]:.4f}<br>{said}"] * len(axes),
        "opacity": 1.0 if best else round(_DARKEST - (_DARKEST - _PALEST) * place / of, 3),
        "line": {"color": "--accent" if best else "--model-0", "width": 3 if best else 1.6},
        "marker": {"color": "--accent" if best else "--model-0", "size": 7 if best else 4},
    }


def _placed(values: Sequence[Any]) -> tuple[list[float], list[tuple[float, str]]]:
    """Give the heights of values between 0 and 1, and the ticks beside them."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        least, most = min(values), max(values)
        wide = least > 0 and most / least >= _WIDE
        ends = (math.log(least), math.log(most)) if wide else (least, most)
        span = (ends[1] - ends[0]) or 1.0
        heights = [((math.log(value) if wide else value) - ends[0]) / span for value in values]
        if ends[0] == ends[1]:
            return [0.5] * len(values), [(0.5, _text(least))]
        return heights, [(0.0, _text(least)), (1.0, _text(most))]
    names = sorted({_text(value) for value in values})
    at = {name: (index + 0.5) / len(names) for index, name in enumerate(names)}
    return [at[_text(value)] for value in values], [(height, name) for name, height in at.items()]


def _mark(at: int, height: float, text: str) -> Figure:
    return {
        "x": at,
        "y": height,
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 7,
        "font": {"size": 11, "color": "--muted"},
        "bgcolor": "--card",
    }


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
