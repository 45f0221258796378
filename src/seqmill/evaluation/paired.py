"""Two callers on the same items: whether the difference is more than chance, and how large it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from seqmill.evaluation.bootstrap import Resampled
from seqmill.evaluation.delong import areas, contrast
from seqmill.evaluation.effect import KINDS, effect_size
from seqmill.evaluation.measures import BLOCK, COUNTS, family_of
from seqmill.evaluation.permutation import swap_test
from seqmill.evaluation.seeds import Judged, Spread, judge, seed_spread

Verdict = Literal["above", "tie", "below"]
ALPHA = 0.05

_FEW = 30
"""With fewer items that tell the callers apart, the sign test over them has to agree."""


@dataclass(frozen=True)
class Side:
    """One caller in one cell: the scored items of each run, and one measure of each run.

    Attributes
    ----------
    items : sequence of DataFrame
        A table a run; see `seqmill.evaluation.measures`.
    drawn : sequence of Resampled
        The measure of each run.
    """

    items: Sequence[pd.DataFrame]
    drawn: Sequence[Resampled]


@dataclass(frozen=True)
class PairedTest:
    """What a paired test found.

    Attributes
    ----------
    value, low, high : float
        Mean over seeds of the first caller minus that of the second, and its 95 % interval over items and
        seeds.
    p : float
        Two-sided p-value.
    verdict : str
        ``above`` or ``below`` when the interval leaves out zero and p is at most 0.05, else ``tie``.
    effect : float
        Size of the difference; see `seqmill.evaluation.effect`.
    scale : str
        Which scale `effect` is on.
    test : str
        ``bootstrap``, ``delong`` or ``swaps``.
    n : int
        Items that count for either caller.
    seeds : tuple of int
        Runs of each caller.
    share_of_seeds : float
        Part of the variance that is due to the choice of seeds, between 0 and 1.
    wins, losses : int or None
        For counts: items on which the first caller errs less, and more, than the second.
    """

    value: float
    low: float
    high: float
    p: float
    verdict: Verdict
    effect: float
    scale: str
    test: str
    n: int
    seeds: tuple[int, int]
    share_of_seeds: float
    wins: int | None
    losses: int | None


def paired_test(a: Side, b: Side, level: str, measure: str) -> PairedTest:
    """Test the difference of two callers in one measure.

    F1 and its like: Poisson bootstrap over items, and where fewer than 30 items tell the callers apart the
    exact sign test over these has to agree, since few items make a bootstrap rash. Areas under ROC curves:
    DeLong, which takes items for independent and gives way to the bootstrap where they come in blocks.
    Correlations: swaps of the two predictions of an item, or of a block, with a bootstrap interval; where the
    callers are held against different observations, as a replicate is, nothing can be swapped. To each,
    the variance between seeds is added; see `seqmill.evaluation.seeds`.

    Raises
    ------
    ValueError
        When the callers share no item to be compared on.
    """
    difference = Resampled.mean(a.drawn).minus(Resampled.mean(b.drawn))
    spreads = [seed_spread(side.drawn) for side in (a, b)]
    wins = losses = None
    if family_of(measure) is COUNTS:
        test, judged = "bootstrap", judge(difference, spreads)
        wins, losses = _wins(a, b, level)
        p = max(judged.p, _sign_test(wins, losses))
    elif measure == "auroc" and BLOCK not in a.items[0]:
        test, judged = "delong", _delong(a, b, level, difference, spreads)
        p = judged.p
    elif measure in ("pearson", "spearman") and _one_target(a, b, level):
        test, judged = "swaps", judge(difference, spreads)
        p = _swaps(a, b, level, measure)
        if any(spread.variance for spread in spreads):
            p = max(p, judged.p)
    else:
        test, judged = "bootstrap", judge(difference, spreads)
        p = judged.p
    by_seeds = sum(spread.variance for spread in spreads)
    by_items = float(np.nanvar(difference.replicates))
    estimate = judged.estimate
    return PairedTest(
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        p=p,
        verdict=_verdict(judged, p),
        effect=effect_size(measure, *(float(np.mean([run.value for run in s.drawn])) for s in (a, b))),
        scale=KINDS[measure],
        test=test,
        n=estimate.n,
        seeds=(len(a.drawn), len(b.drawn)),
        share_of_seeds=by_seeds / (by_seeds + by_items) if by_seeds else 0.0,
        wins=wins,
        losses=losses,
    )


def _verdict(judged: Judged, p: float) -> Verdict:
    if p > ALPHA or judged.estimate.low <= 0 <= judged.estimate.high:
        return "tie"
    return "above" if judged.estimate.value > 0 else "below"


def _wins(a: Side, b: Side, level: str) -> tuple[int, int]:
    """Count the items on which the first caller errs less, and more, than the second, seeds averaged."""
    first, second = (_errors(side, level) for side in (a, b))
    saved = (second / len(b.items)).sub(first / len(a.items), fill_value=0.0).round(9)
    return int((saved > 0).sum()), int((saved < 0).sum())


def _errors(side: Side, level: str) -> pd.Series:
    """Sum the errors of all runs by item."""
    wrong = [table[f"fp_{level}"].astype(np.int64) + table[f"fn_{level}"] for table in side.items]
    keys = np.concatenate([table["item"].to_numpy() for table in side.items])
    return pd.Series(np.concatenate([one.to_numpy() for one in wrong])).groupby(keys).sum()


def _sign_test(wins: int, losses: int) -> float:
    told_apart = wins + losses
    if not told_apart:
        return 1.0
    return float(stats.binomtest(wins, told_apart).pvalue) if told_apart < _FEW else 0.0


def _delong(a: Side, b: Side, level: str, difference: Resampled, spreads: Sequence[Spread]) -> Judged:
    scores, labels, _ = _aligned([*a.items, *b.items], f"score_{level}", f"label_{level}")
    shares = [1 / len(a.items)] * len(a.items) + [-1 / len(b.items)] * len(b.items)
    value, error = contrast(areas(scores, labels > 0), shares)
    return judge(Resampled(value, difference.replicates, len(labels)), spreads, standard_error=error)


def _swaps(a: Side, b: Side, level: str, measure: str) -> float:
    predicted, observed, blocks = _aligned([*a.items, *b.items], f"predicted_{level}", f"observed_{level}")
    return swap_test(
        predicted[: len(a.items)], predicted[len(a.items) :], observed, kind=measure, blocks=blocks
    )


def _one_target(a: Side, b: Side, level: str) -> bool:
    """Say whether both callers are held against the same observation of each item."""
    first, second = (side.items[0].set_index("item")[f"observed_{level}"].dropna() for side in (a, b))
    common = first.index.intersection(second.index)
    return bool(np.array_equal(first.loc[common], second.loc[common]))


def _aligned(
    tables: Sequence[pd.DataFrame], given: str, target: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.uint64] | None]:
    """Give a column of every table on the items all know, [tables, n], their target and blocks [n]."""
    by_item = [table.set_index("item")[[given, target]].dropna() for table in tables]
    common = reduce(pd.Index.intersection, (table.index for table in by_item))
    if not len(common):
        raise ValueError(f"no item with {given} in common")
    rows = [table.loc[common] for table in by_item]
    blocks = None
    if BLOCK in tables[0]:
        blocks = tables[0].set_index("item").loc[common, BLOCK].to_numpy(np.uint64)
    return (
        np.array([row[given].to_numpy(np.float64) for row in rows]),
        rows[0][target].to_numpy(np.float64),
        blocks,
    )
