"""How large a difference is, on a scale that does not depend on how many items there are.

Source of the methods: Cohen (1988), "Statistical Power Analysis for the Behavioral Sciences": h for two
shares, q for two correlations; for areas under ROC curves the difference in the separation d of two normal
distributions of equal spread that have these areas (Ruscio 2008).
"""

import math

from scipy import special

KINDS = {
    "f1": "h",
    "precision": "h",
    "recall": "h",
    "auprc": "h",
    "auroc": "d",
    "concordance": "d",
    "pearson": "q",
    "spearman": "q",
    "mean": "h",
}
"""Which scale a measure's differences are given on; 0.2, 0.5 and 0.8 (q: 0.1, 0.3, 0.5) are called small,
medium and large."""

_EDGE = 1e-4
"""Areas and correlations are taken to be no nearer to their ends, where the scales are infinite."""


def effect_size(measure: str, a: float, b: float) -> float:
    """Give the size of a difference between two values of a measure on the scale `KINDS` names."""
    kind = KINDS[measure]
    if kind == "h":
        return 2 * math.asin(math.sqrt(_inside(a, 0, 1))) - 2 * math.asin(math.sqrt(_inside(b, 0, 1)))
    if kind == "q":
        return math.atanh(_inside(a, -1 + _EDGE, 1 - _EDGE)) - math.atanh(_inside(b, -1 + _EDGE, 1 - _EDGE))
    return math.sqrt(2) * float(
        special.ndtri(_inside(a, _EDGE, 1 - _EDGE)) - special.ndtri(_inside(b, _EDGE, 1 - _EDGE))
    )


def _inside(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
