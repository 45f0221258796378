"""What all plots are made of: layouts, interval bars, rings, short numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

Figure = dict[str, Any]

RING = {"symbol": "circle-open", "size": 12, "line": {"width": 2}}
"""Marker of the point in use."""

_ROOM = 0.62


def figure(height: int, x: str, y: str, *, shared: Figure, **layout: Any) -> Figure:
    """Begin a figure of a height in pixels with two titled axes."""
    axes = {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}}
    return {"data": [], "shared": shared, "layout": {"height": height, **axes, **layout}}


def beside(names: Sequence[str]) -> Figure:
    """Give an axis of names at 0, 1, 2, ..., beside which several callers find room; see `shift`."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [-0.55, len(names) - 0.45],
        "showgrid": False,
        "minor": {"tickvals": [at + 0.5 for at in range(len(names) - 1)], "showgrid": True},
    }


def shift(place: int, of: int) -> float:
    """Give how far the caller at `place` among `of` stands off a name's place on the axis."""
    return _ROOM * ((place + 0.5) / of - 0.5)


def bars(
    values: Sequence[float], lows: Sequence[float], highs: Sequence[float], *, digits: int = 4
) -> Figure:
    """Give the ends of Plotly's ``error_y`` for intervals around values; the page adds the look."""
    return {
        "array": short((max(high - value, 0) for value, high in zip(values, highs, strict=True)), digits),
        "arrayminus": short((max(value - low, 0) for value, low in zip(values, lows, strict=True)), digits),
    }


def short(values: Iterable[float], digits: int = 4) -> list[float]:
    """Round to what a plot can show, to keep the report small."""
    return [round(float(value), digits) for value in values]
