"""How far training again with another seed moves a measure, apart from what the choice of items explains.

A measure of one run differs from that of another seed for two reasons: the weights are better or worse on
all items there are, and they err on other items of the few at hand. The bootstrap over items knows the
second already. It is taken off the variance between seeds, so that nothing is counted twice.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from seqmill.evaluation.bootstrap import CONFIDENCE, Estimate, Resampled


class Spread(NamedTuple):
    """What the choice of seeds adds to the uncertainty of a mean over seeds.

    Attributes
    ----------
    variance : float
        Variance of the mean over seeds due to the seeds; 0 with a single run, where it cannot be known.
    freedom : float
        Degrees of freedom behind it; infinite with a single run.
    """

    variance: float
    freedom: float


def seed_spread(runs: Sequence[Resampled]) -> Spread:
    """Estimate the variance of the mean over seeds that is due to the seeds alone.

    With s² the variance of the runs' values and t² the mean over replicates of the variance of their
    replicates, t² - s² estimates what the items add to s²; a negative rest counts as none.

    Parameters
    ----------
    runs : sequence of Resampled
        The same measure of each run, on common replicates.
    """
    if len(runs) < 2:
        return Spread(0.0, math.inf)
    between = float(np.var([run.value for run in runs], ddof=1))
    replicated = np.var([run.replicates for run in runs], axis=0, ddof=1)
    by_items = max(0.0, float(np.nanmean(replicated)) - between)
    return Spread(max(0.0, between - by_items) / len(runs), len(runs) - 1)


class Judged(NamedTuple):
    """A difference under both sources of chance: its interval and two-sided p-value."""

    estimate: Estimate
    p: float


def judge(difference: Resampled, spreads: Sequence[Spread], *, standard_error: float | None = None) -> Judged:
    """Judge a difference between two means over seeds.

    The variance over items and that of each side's seeds add up; the degrees of freedom are those of
    Satterthwaite (1946), the items' counting as infinitely many. The percentile interval over items is
    stretched about the value by the ratio of the two half-widths of a t-test.

    Parameters
    ----------
    difference : Resampled
        The paired difference, on the items and on their replicates.
    spreads : sequence of Spread
        What the seeds of each side add.
    standard_error : float, optional
        Standard error over items where theory gives it, such as DeLong's; the interval is then symmetric.
    """
    by_items = float(np.nanvar(difference.replicates)) if standard_error is None else standard_error**2
    variance = by_items + sum(spread.variance for spread in spreads)
    if variance == 0:
        value = difference.value
        return Judged(Estimate(value, value, value, difference.n), 1.0 if value == 0 else 0.0)
    slow = sum(spread.variance**2 / spread.freedom for spread in spreads)
    freedom = variance**2 / slow if slow else math.inf
    tail = (1 - CONFIDENCE) / 2
    quantile = float(stats.t.isf(tail, freedom))
    p = float(2 * stats.t.sf(abs(difference.value) / math.sqrt(variance), freedom))
    if standard_error is not None or by_items == 0:
        half = quantile * math.sqrt(variance)
        return Judged(
            Estimate(difference.value, difference.value - half, difference.value + half, difference.n), p
        )
    stretch = quantile * math.sqrt(variance / by_items) / float(stats.norm.isf(tail))
    plain = difference.interval()
    return Judged(
        Estimate(
            plain.value,
            plain.value + stretch * (plain.low - plain.value),
            plain.value + stretch * (plain.high - plain.value),
            plain.n,
        ),
        p,
    )
