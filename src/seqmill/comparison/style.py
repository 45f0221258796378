"""How each caller looks in every plot: one colour, one symbol, one dash."""

from collections.abc import Sequence
from typing import Any

from seqmill.comparison.runs import Caller

_MODEL_COLOURS, _BASELINE_COLOURS = 6, 4
_SYMBOLS = ("circle", "triangle-up", "star", "pentagon", "hexagram", "triangle-down")
_BASELINE_SYMBOLS = ("square", "diamond", "cross", "x")
_BASELINE_DASHES = ("dash", "dot", "dashdot", "longdash")

Look = dict[str, Any]
"""``colour`` (a CSS variable of the report), ``baseline`` (bool), and Plotly's ``line`` and ``marker``."""


def looks(callers: Sequence[Caller]) -> dict[str, Look]:
    """Give each caller its look: models in colour and solid, baselines grey and dashed."""
    models = [caller.name for caller in callers if not caller.baseline]
    baselines = [caller.name for caller in callers if caller.baseline]
    coloured = {
        name: _look(f"--model-{index % _MODEL_COLOURS}", _SYMBOLS[index % len(_SYMBOLS)], "solid")
        for index, name in enumerate(models)
    }
    return coloured | {
        name: _look(
            f"--baseline-{index % _BASELINE_COLOURS}",
            _BASELINE_SYMBOLS[index % len(_BASELINE_SYMBOLS)],
            _BASELINE_DASHES[index % len(_BASELINE_DASHES)],
        )
        for index, name in enumerate(baselines)
    }


def _look(colour: str, symbol: str, dash: str) -> Look:
    return {
        "colour": colour,
        "baseline": colour.startswith("--baseline"),
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"color": colour, "symbol": symbol, "size": 8},
    }
