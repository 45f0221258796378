"""What can be measured on a table of items, whatever the application: columns and the measures they give.

An application says by the names of the columns what it measures. Any number of levels may stand side by
side in one table, such as ``allele`` and ``genotype``, or the labels of a multi-label classification:

========  =======================================  ===========================  ==========================
family    columns                                  measures                     paired test
========  =======================================  ===========================  ==========================
counts    ``tp_LEVEL``, ``fp_LEVEL``, ``fn_LEVEL``  ``f1``, ``precision``,       bootstrap over items
                                                   ``recall``
ranking   ``score_LEVEL``, ``label_LEVEL`` (0, 1)  ``auroc``, ``auprc``         DeLong; bootstrap
pairs     ``predicted_LEVEL``, ``observed_LEVEL``  ``pearson``, ``spearman``,   swaps of predictions
                                                   ``r2``                       (correlations alone)
means     ``value_LEVEL``                          ``mean``                     bootstrap over items
survival  ``risk_LEVEL``, ``time_LEVEL``,          ``concordance``              bootstrap over items
          ``event_LEVEL`` (0, 1)
========  =======================================  ===========================  ==========================

In each family more is better. The measure that callers are ranked by is the first of the level whose
columns come first. Items that are not independent, such as windows that overlap, share a ``block`` (uint64):
bootstrap and swaps then draw whole blocks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Family:
    """Measures that are computed from the same columns.

    Attributes
    ----------
    name : str
        ``counts``, ``ranking``, ``pairs``, ``means`` or ``survival``.
    columns : tuple of str
        First parts of the columns' names, in the order of the values.
    measures : tuple of str
        Names of the measures, the leading one first.
    tested : tuple of str
        Those that pairs of callers are tested on.
    compute : callable
        (values [n, columns], weights [n, B]) -> measures, each float64 [B]; nan where undefined.
    """

    name: str
    columns: tuple[str, ...]
    measures: tuple[str, ...]
    tested: tuple[str, ...]
    compute: Callable[[Floats, npt.NDArray[np.number]], dict[str, Floats]]

    def columns_of(self, level: str) -> list[str]:
        """Name the columns of a level."""
        return [f"{column}_{level}" for column in self.columns]

    def values(self, items: pd.DataFrame, level: str) -> Floats:
        """Give the values of a level, float64 [n, columns]."""
        return items[self.columns_of(level)].to_numpy(np.float64)


def count_measures(totals: Floats) -> dict[str, Floats]:
    """Give F1, precision and recall from true positives, false positives and false negatives, [B, 3]."""
    tp, fp, fn = totals.T
    return {
        "f1": _share(2 * tp, 2 * tp + fp + fn),
        "precision": _share(tp, tp + fp),
        "recall": _share(tp, tp + fn),
    }


def _counts(values: Floats, weights: npt.NDArray[np.number]) -> dict[str, Floats]:
    return count_measures(weights.T.astype(np.float64) @ values)


def _ranking(values: Floats, weights: npt.NDArray[np.number]) -> dict[str, Floats]:
    """Area under the ROC curve (ties count half) and average precision, items weighted."""
    scores, labels = values.T
    order = np.argsort(-scores, kind="stable")
    firsts = _first_of_each(scores[order])
    drawn = weights[order].astype(np.float64)
    right = np.add.reduceat(drawn * labels[order, None], firsts, axis=0)
    wrong = np.add.reduceat(drawn * (1 - labels[order, None]), firsts, axis=0)
    rights, wrongs = right.sum(axis=0), wrong.sum(axis=0)
    hits, calls = np.cumsum(right, axis=0), np.cumsum(right + wrong, axis=0)
    above = np.cumsum(wrong, axis=0) - wrong / 2
    precision = np.divide(hits, calls, out=np.zeros_like(hits), where=calls > 0)
    return {
        "auroc": 1 - _share((right * above).sum(axis=0), rights * wrongs),
        "auprc": _share((right * precision).sum(axis=0), rights),
    }


def _pairs(values: Floats, weights: npt.NDArray[np.number]) -> dict[str, Floats]:
    """Pearson's and Spearman's correlation, and the share of variance explained as predicted; weighted."""
    drawn = weights.astype(np.float64)
    centred = [np.broadcast_to((column - column.mean())[:, None], drawn.shape) for column in values.T]
    ranked = [_ranks(column, drawn) for column in values.T]
    return {
        "pearson": _correlation(*centred, drawn),
        "spearman": _correlation(*ranked, drawn),
        "r2": _explained(*values.T, drawn),
    }


def _means(values: Floats, weights: npt.NDArray[np.number]) -> dict[str, Floats]:
    drawn = weights.astype(np.float64)
    return {"mean": _share(values[:, 0] @ drawn, drawn.sum(axis=0))}


def _survival(values: Floats, weights: npt.NDArray[np.number]) -> dict[str, Floats]:
    """Concordance of Harrell et al. (1982), "Evaluating the yield of medical tests"; items weighted.

    A pair counts where the first had its event while the second was still observed without one: later, or at
    the same time where the second was censored then. Equal risks count half.
    """
    risk, time, event = values.T
    drawn = weights.astype(np.float32)
    right, comparable = (np.zeros(drawn.shape[1]) for _ in range(2))
    seen = np.flatnonzero(event > 0)
    for at in range(0, len(seen), _ROWS_AT_ONCE):
        rows = seen[at : at + _ROWS_AT_ONCE, None]
        pairs = (time[rows] < time) | ((time[rows] == time) & (event == 0))
        score = (np.sign(risk[rows] - risk) + 1) / 2
        own = drawn[rows[:, 0]]
        right += (own * ((pairs * score).astype(np.float32) @ drawn)).sum(axis=0, dtype=np.float64)
        comparable += (own * (pairs.astype(np.float32) @ drawn)).sum(axis=0, dtype=np.float64)
    return {"concordance": _share(right, comparable)}


COUNTS = Family("counts", ("tp", "fp", "fn"), ("f1", "precision", "recall"), ("f1",), _counts)
RANKING = Family("ranking", ("score", "label"), ("auroc", "auprc"), ("auroc", "auprc"), _ranking)
PAIRS = Family(
    "pairs", ("predicted", "observed"), ("pearson", "spearman", "r2"), ("pearson", "spearman"), _pairs
)
MEANS = Family("means", ("value",), ("mean",), ("mean",), _means)
SURVIVAL = Family("survival", ("risk", "time", "event"), ("concordance",), ("concordance",), _survival)
FAMILIES = (COUNTS, RANKING, PAIRS, MEANS, SURVIVAL)

BLOCK = "block"
"""Column that says which items belong together."""


def measured(columns: Iterable[str]) -> list[tuple[Family, str]]:
    """Find what a table measures: each family with each of its levels, in the order of the columns."""
    names = list(columns)
    there = set(names)
    found = [
        (family, level)
        for family in FAMILIES
        for level in _levels(names, family.columns[0])
        if there.issuperset(family.columns_of(level))
    ]
    return sorted(found, key=lambda one: min(map(names.index, one[0].columns_of(one[1]))))


def incomplete(columns: Iterable[str]) -> list[str]:
    """Name the columns that are missing where only some of a level's are there."""
    names = list(columns)
    there = set(names)
    wanted = {
        column: None
        for family in FAMILIES
        for prefix in family.columns
        for level in _levels(names, prefix)
        for column in family.columns_of(level)
    }
    return [column for column in wanted if column not in there]


def family_of(measure: str) -> Family:
    """Give the family that a measure belongs to."""
    return next(family for family in FAMILIES if measure in family.measures)


def _levels(names: list[str], prefix: str) -> list[str]:
    return [name.removeprefix(f"{prefix}_") for name in names if name.startswith(f"{prefix}_")]


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)


def _first_of_each(ordered: Floats) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.append(True, np.diff(ordered) != 0))


def _ranks(column: Floats, drawn: Floats) -> Floats:
    """Give the middle rank of each item in each replicate, [n, B]."""
    order = np.argsort(column, kind="stable")
    firsts = _first_of_each(column[order])
    together = np.add.reduceat(drawn[order], firsts, axis=0)
    middle = np.cumsum(together, axis=0) - together / 2
    place = np.searchsorted(column[order][firsts], column)
    return middle[place]


def _correlation(x: Floats, y: Floats, drawn: Floats) -> Floats:
    total = drawn.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = x - (drawn * x).sum(axis=0) / total
        y = y - (drawn * y).sum(axis=0) / total
        spread = np.sqrt((drawn * x * x).sum(axis=0) * (drawn * y * y).sum(axis=0))
        return np.where(spread > 0, (drawn * x * y).sum(axis=0) / spread, np.nan)


def _explained(predicted: Floats, observed: Floats, drawn: Floats) -> Floats:
    """Give 1 minus the squared error over the variance, [B]: the coefficient of determination."""
    errors = (predicted - observed) ** 2 @ drawn
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = observed @ drawn / drawn.sum(axis=0)
        spread = ((observed[:, None] - mean) ** 2 * drawn).sum(axis=0)
        return np.where(spread > 0, 1 - errors / spread, np.nan)
