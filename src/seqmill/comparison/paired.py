"""Paired differences between callers, and what they allow to say."""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from scipy import stats

from seqmill.comparison.runs import Caller, cells_of
from seqmill.evaluation.bootstrap import LEVELS, Resampled
from seqmill.files import atomic_path

Verdict = Literal["above", "tie", "below"]
ALPHA = 0.05


@dataclass(frozen=True)
class Difference:
    """F1 of one caller minus F1 of another in one cell, seeds averaged, items paired.

    Attributes
    ----------
    a, b : str
        The two callers.
    against_baseline : bool
        Whether `b` is a baseline.
    cell, level : str
        Which items, and what had to agree.
    value, low, high : float
        Difference in F1 and its 95 % interval over items.
    verdict : str
        ``above`` or ``below`` when the interval lies on one side of zero, else ``tie``.
    p : float
        Two-sided p-value of the difference (normal, with the bootstrap's standard error).
    firm : bool
        Whether the verdict holds when all differences of the level are judged together (Holm 1979).
    """

    a: str
    b: str
    against_baseline: bool
    cell: str
    level: str
    value: float
    low: float
    high: float
    verdict: Verdict
    p: float
    firm: bool = False


def compare(callers: Sequence[Caller]) -> list[Difference]:
    """Compare each experiment with every baseline and with the other experiments, in every cell.

    Parameters
    ----------
    callers : sequence of Caller
        As `load_callers` gives them.

    Returns
    -------
    list of Difference
        By level, pair and cell; pairs with a baseline first.
    """
    return [
        difference
        for level in LEVELS
        for difference in holm([_difference(a, b, cell, level) for a, b, cell in _pairs(callers, level)])
    ]


def verdict(difference: Resampled) -> Verdict:
    """Say whether a paired difference is above zero, below it, or cannot be told from it."""
    estimate = difference.interval()
    if estimate.low > 0:
        return "above"
    return "below" if estimate.high < 0 else "tie"


def holm(differences: Sequence[Difference]) -> list[Difference]:
    """Mark the differences that stay significant when all given are tested together.

    Source of the method: Holm (1979), "A simple sequentially rejective multiple test procedure".
    """
    judged = list(differences)
    by_p = sorted(range(len(judged)), key=lambda index: judged[index].p)
    for rank, index in enumerate(by_p):
        if judged[index].p > ALPHA / (len(judged) - rank):
            break
        judged[index] = replace(judged[index], firm=judged[index].verdict != "tie")
    return judged


def write_paired(path: str | os.PathLike[str], differences: Sequence[Difference]) -> None:
    """Write the differences as tab-separated text, atomically."""
    columns = ("a", "b", "level", "cell", "value", "low", "high", "verdict", "p", "firm")
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print(*columns, sep="\t", file=handle)
        for difference in differences:
            print(*(_text(getattr(difference, column)) for column in columns), sep="\t", file=handle)


def _pairs(callers: Sequence[Caller], level: str) -> Iterator[tuple[Caller, Caller, str]]:
    models = [caller for caller in callers if not caller.baseline]
    baselines = [caller for caller in callers if caller.baseline]
    pairs = [(model, baseline) for model in models for baseline in baselines]
    for a, b in [*pairs, *combinations(models, 2)]:
        for cell in cells_of(callers):
            if (cell, level, "f1") in a.resampled.keys() & b.resampled.keys():
                yield a, b, cell


def _difference(a: Caller, b: Caller, cell: str, level: str) -> Difference:
    key = (cell, level, "f1")
    difference = a.resampled[key].minus(b.resampled[key])
    estimate = difference.interval()
    spread = float(np.nanstd(difference.replicates))
    if spread == 0:
        p = 1.0 if estimate.value == 0 else 0.0
    else:
        p = float(2 * stats.norm.sf(abs(estimate.value) / spread))
    return Difference(
        a=a.name,
        b=b.name,
        against_baseline=b.baseline,
        cell=cell,
        level=level,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        verdict=verdict(difference),
        p=p,
    )


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value).lower() if isinstance(value, bool) else str(value)
