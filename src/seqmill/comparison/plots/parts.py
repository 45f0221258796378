"""What all plots are made of: a caller's trace, interval bars, short numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seqmill.comparison.style import Style

Figure = dict[str, Any]


def trace(name: str, looks: Mapping[str, Style]) -> Figure:
    """Begin the trace of a caller in its colour, symbol and dash."""
    look = looks[name]
    return {
        "name": name,
        "meta": {"caller": name},
        "line": {"color": look.colour, "dash": look.dash, "width": 2},
        "marker": {"color": look.colour, "symbol": look.symbol, "size": 8},
    }


def ring(begun: Figure) -> Figure:
    """Give the marker of a trace as an open ring, for the point in use."""
    return begun["marker"] | {"symbol": "circle-open", "size": 12, "line": {"width": 2}}


def bars(
    values: Sequence[float], lows: Sequence[float], highs: Sequence[float], *, digits: int = 5
) -> Figure:
    """Give Plotly's ``error_y`` for intervals around values."""
    return {
        "type": "data",
        "symmetric": False,
        "array": short((max(high - value, 0) for value, high in zip(values, highs, strict=True)), digits),
        "arrayminus": short((max(value - low, 0) for value, low in zip(values, lows, strict=True)), digits),
        "thickness": 1.4,
        "width": 0,
    }


def short(values: Iterable[float], digits: int = 5) -> list[float]:
    """Round to what a plot can show, to keep the report small."""
    return [round(float(value), digits) for value in values]


def layout(height: int, x: str, y: str, **further: Any) -> Figure:
    """Begin a layout of a height in pixels with two titled axes."""
    return {"height": height, "xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}, **further}
