"""How each caller looks in every plot: one colour, one symbol, one dash."""

from collections.abc import Sequence
from dataclasses import dataclass

from seqmill.comparison.runs import Caller

_MODEL_COLOURS, _BASELINE_COLOURS = 6, 4
_SYMBOLS = ("circle", "triangle-up", "star", "pentagon", "hexagram", "triangle-down")
_BASELINE_SYMBOLS = ("square", "diamond", "cross", "x")
_BASELINE_DASHES = ("dash", "dot", "dashdot", "longdash")


@dataclass(frozen=True)
class Style:
    """The look of one caller.

    Attributes
    ----------
    colour : str
        Name of a CSS variable of the report; the page fills in the colour of the theme in use.
    symbol, dash : str
        Marker and line style in Plotly's words.
    """

    colour: str
    symbol: str
    dash: str


def styles(callers: Sequence[Caller]) -> dict[str, Style]:
    """Give each caller its look: models in colour and solid, baselines grey and dashed."""
    models = [caller.name for caller in callers if not caller.baseline]
    baselines = [caller.name for caller in callers if caller.baseline]
    looks = {
        name: Style(f"--model-{index % _MODEL_COLOURS}", _SYMBOLS[index % len(_SYMBOLS)], "solid")
        for index, name in enumerate(models)
    }
    return looks | {
        name: Style(
            f"--baseline-{index % _BASELINE_COLOURS}",
            _BASELINE_SYMBOLS[index % len(_BASELINE_SYMBOLS)],
            _BASELINE_DASHES[index % len(_BASELINE_DASHES)],
        )
        for index, name in enumerate(baselines)
    }
