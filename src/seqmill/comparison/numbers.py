"""Numbers as the report prints them."""

import math

NOTHING = "\N{EN DASH}"
"""What stands where there is no number."""

MEASURES = {
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "pearson": "Pearson's r",
    "spearman": "Spearman's rho",
    "r2": "R\N{SUPERSCRIPT TWO}",
    "mean": "mean",
    "concordance": "concordance",
}
"""How a measure is written inside a sentence."""


def share(value: float) -> str:
    """Give a value between 0 and 1 with four decimals."""
    return "" if math.isnan(value) else f"{value:.4f}"


def brief(value: float) -> str:
    """Give a value between 0 and 1 with four decimals and no leading zero."""
    return f"{value:.4f}".removeprefix("0") if value < 0.99995 else "1"


def span(low: float, high: float) -> str:
    """Give the ends of an interval of values between 0 and 1."""
    return f"{brief(low)}\N{EN DASH}{brief(high)}"


def signed(value: float) -> str:
    """Give a difference with four decimals, a sign unless it rounds to zero, and no leading zero."""
    sign = "\N{MINUS SIGN}" if value <= -0.00005 else "+" if value >= 0.00005 else ""
    return sign + f"{abs(value):.4f}".removeprefix("0")


def percent(part: float, whole: float, digits: int = 1) -> str:
    """Give a part of a whole in per cent; empty without a whole."""
    return f"{100 * part / whole:.{digits}f} %" if whole else ""


def plural(n: int, noun: str) -> str:
    """Count a noun."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def p_value(p: float) -> str:
    """Give a p-value with two digits."""
    return "< 1e-15" if p < 1e-15 else f"{p:.2g}"
