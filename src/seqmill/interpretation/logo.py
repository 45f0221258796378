"""Sequence logos as SVG: letters stacked by information, or by what they contribute."""

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from seqmill.genome.bases import BASES
from seqmill.genome.motif import Motif

_LETTERS = {
    "A": "M0 100 36 0H64L100 100H78L70 76H30L22 100ZM36 59H64L50 17Z",
    "C": "M100 32H77C73 20 64 16 52 16 32 16 22 30 22 50 22 70 32 84 52 84 64 84 73 78 77 66H100"
    "C95 88 77 100 52 100 20 100 0 80 0 50 0 20 20 0 52 0 77 0 95 12 100 32Z",
    "G": "M100 32H77C73 20 64 16 52 16 32 16 22 30 22 50 22 70 32 84 52 84 66 84 76 77 78 64H54V48H100V100H84"
    "L81 88C74 96 64 100 52 100 20 100 0 80 0 50 0 20 20 0 52 0 77 0 95 12 100 32Z",
    "T": "M0 0H100V17H61V100H39V17H0Z",
}
"""Outlines in a square of 100 by 100, y downwards."""

_COLUMN, _HEIGHT, _FOOT = 26, 84, 14


def information_logo(motif: Motif) -> Markup:
    """Draw a motif; a letter is as high as its frequency times the information of its position, in bits."""
    heights = motif.probabilities * motif.information[:, None]
    return _drawn(heights, (0.0, 2.0), f"logo of {motif.text}, in bits")


def contribution_logo(values: npt.NDArray[np.float64], *, about: str) -> Markup:
    """Draw contributions [width, 4]: what raises the output stands above the line, what lowers it below."""
    highest = float(np.maximum(values, 0).sum(axis=1).max())
    lowest = float(np.minimum(values, 0).sum(axis=1).min())
    return _drawn(values, (lowest, highest), f"contributions of {about}")


def _drawn(heights: npt.NDArray[np.float64], limits: tuple[float, float], label: str) -> Markup:
    low, high = limits
    unit = _HEIGHT / ((high - low) or 1.0)
    zero = high * unit
    parts = [f'<path class="zero" d="M0 {zero:.1f}H{_COLUMN * len(heights)}"/>']
    for column, row in enumerate(heights):
        above = below = zero
        for base in np.argsort(np.abs(row), kind="stable"):
            size = abs(float(row[base])) * unit
            if size < 0.3:
                continue
            if row[base] > 0:
                above -= size
            parts.append(_letter(BASES[base], column, above if row[base] > 0 else below, size))
            if row[base] < 0:
                below += size
    parts += [
        f'<text x="{_COLUMN * (column + 0.5):g}" y="{_HEIGHT + _FOOT - 3}">{column + 1}</text>'
        for column in range(len(heights))
    ]
    size = f"{_COLUMN * len(heights)} {_HEIGHT + _FOOT}"
    return Markup(
        f'<svg class="logo" viewBox="0 0 {size}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _letter(base: str, column: int, top: float, size: float) -> str:
    place = f"translate({_COLUMN * column + 1:g} {top:.2f}) scale({(_COLUMN - 2) / 100:g} {size / 100:.4f})"
    return f'<path class="base-{base}" fill-rule="evenodd" transform="{place}" d="{_LETTERS[base]}"/>'
