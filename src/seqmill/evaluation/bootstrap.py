"""Intervals over items by a Poisson bootstrap that pairs any two callers by itself.

The weight of an item in a replicate is a pure function of (item key, replicate, seed). Two callers
scored on the same sites are therefore resampled alike without their tables ever being joined, also
where one of them reports an item the other does not have.

Source of the method: Hanley & MacGibbon (2006), "Creating non-parametric bootstrap samples using
Poisson frequencies"; percentile intervals after Efron (1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from seqmill.evaluation.measures import BLOCK, COUNTS, RANKING, Family, count_measures, measured

REPLICATES = 1000
CONFIDENCE = 0.95

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_DRAWS_PER_WORD = 4
_CHUNK = 8192
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Estimate:
    """A value, its interval over items and the number of items behind it.

    Attributes
    ----------
    value, low, high : float
        Estimate and the ends of its interval, in units of the measure.
    n : int
        Items that count for or against the caller.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Resampled:
    """A measure on the items as they are and on every bootstrap replicate of them.

    Attributes
    ----------
    value : float
        The measure on the items as they are; nan where it is undefined.
    replicates : float64 array, shape (B,)
        The measure on each replicate; replicate b weighs an item the same for every caller.
    n : int
        Items that count for or against the caller.
    trials : int
        For a measure that is a share: independent trials behind it, for the bound where all succeed; else 0.
    """

    value: float
    replicates: npt.NDArray[np.float64]
    n: int
    trials: int = 0

    @classmethod
    def mean(cls, parts: Sequence[Self]) -> Self:
        """Average over runs, such as the seeds of one experiment, replicate by replicate."""
        return cls(
            float(np.mean([part.value for part in parts])),
            np.mean([part.replicates for part in parts], axis=0),
            max(part.n for part in parts),
            max(part.trials for part in parts),
        )

    def minus(self, other: Self) -> Self:
        """Give the paired difference to another caller."""
        return type(self)(self.value - other.value, self.replicates - other.replicates, max(self.n, other.n))

    def interval(self, confidence: float = CONFIDENCE) -> Estimate:
        """Give the percentile interval; replicates in which the measure is undefined are left out."""
        defined = self.replicates[~np.isnan(self.replicates)]
        if not len(defined):
            return Estimate(self.value, np.nan, np.nan, self.n)
        tail = (1 - confidence) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return Estimate(self.value, float(low), float(high), self.n)

    def share_interval(self, confidence: float = CONFIDENCE) -> Estimate:
        """Give the interval of a measure that may be a share of trials.

        Where every item is right, or every one wrong, all replicates are as well, and a bootstrap cannot
        see that it may be otherwise: the inner end is then the exact binomial bound of Clopper & Pearson
        (1934) on the trials.
        """
        estimate = self.interval(confidence)
        tail = (1 - confidence) / 2
        if self.trials and self.value == 1.0:
            return Estimate(1.0, float(tail ** (1 / self.trials)), 1.0, self.n)
        if self.trials and self.value == 0.0:
            return Estimate(0.0, 0.0, float(1 - tail ** (1 / self.trials)), self.n)
        return estimate


def weights(
    keys: npt.NDArray[np.uint64], replicates: int = REPLICATES, seed: int = 0
) -> npt.NDArray[np.uint8]:
    """Draw how often each item occurs in each replicate.

    Parameters
    ----------
    keys : uint64 array, shape (n,)
        Stable key of each item; equal keys get equal weights.
    replicates : int
        Number of replicates B.
    seed : int
        Chooses another, independent set of weights.

    Returns
    -------
    uint8 array, shape (n, B)
        Poisson(1) counts to a resolution of 2**-16 in probability.
    """
    words = -(-replicates // _DRAWS_PER_WORD)
    start = _mix(keys.astype(np.uint64) ^ _mix(np.array([seed], np.uint64)))
    steps = (np.arange(1, words + 1, dtype=np.uint64)) * _GAMMA
    draws = _mix(start[:, None] + steps).astype("<u8").view("<u2")
    return _poisson_table()[draws[:, :replicates]]


def resample(
    items: pd.DataFrame, *, replicates: int = REPLICATES, seed: int = 0
) -> dict[tuple[str, str], Resampled]:
    """Compute every measure at every level on the items and on each replicate of them.

    Parameters
    ----------
    items : DataFrame
        One row a scored item: ``item`` (uint64) and the columns of one or more families; see
        `seqmill.evaluation.measures`. With a column ``block``, whole blocks are drawn. Rows with an unknown
        value are left out of the measures it takes part in.
    replicates, seed : int
        See `weights`.

    Returns
    -------
    dict
        (level, measure) -> `Resampled`.
    """
    keys = items[BLOCK if BLOCK in items else "item"].to_numpy(np.uint64)
    found = measured(items.columns)
    counted = [level for family, level in found if family is COUNTS]
    drawn = _resampled_counts(items, keys, counted, replicates, seed)
    for family, level in found:
        if family is not COUNTS:
            drawn |= _resampled_whole(family, family.values(items, level), keys, level, replicates, seed)
    return drawn


def _resampled_counts(
    items: pd.DataFrame, keys: npt.NDArray[np.uint64], levels: Sequence[str], replicates: int, seed: int
) -> dict[tuple[str, str], Resampled]:
    """Resample sums of counts, a run of items after the other."""
    counts = items[[name for level in levels for name in COUNTS.columns_of(level)]].to_numpy(np.float32)
    resampled = np.zeros((replicates, counts.shape[1]))
    for first in range(0, len(keys) if levels else 0, _CHUNK):
        part = slice(first, first + _CHUNK)
        resampled += weights(keys[part], replicates, seed).astype(np.float32).T @ counts[part]
    totals = counts.sum(axis=0, dtype=np.float64)[None]
    drawn = {}
    for index, level in enumerate(levels):
        columns = slice(3 * index, 3 * index + 3)
        n = int(counts[:, columns].any(axis=1).sum())
        values, replicated = (count_measures(sums[:, columns]) for sums in (totals, resampled))
        for measure in COUNTS.measures:
            drawn[level, measure] = Resampled(float(values[measure][0]), replicated[measure], n, n)
    return drawn


def _resampled_whole(
    family: Family,
    values: npt.NDArray[np.float64],
    keys: npt.NDArray[np.uint64],
    level: str,
    replicates: int,
    seed: int,
) -> dict[tuple[str, str], Resampled]:
    """Resample a measure that needs all items at once, some replicates after the other."""
    known = np.isfinite(values).all(axis=1)
    values, keys = values[known], keys[known]
    n = len(keys)
    if not n:
        return {}
    drawn = weights(keys, replicates, seed)
    step = max(1, _CELLS_AT_ONCE // n)
    parts = [family.compute(values, drawn[:, at : at + step]) for at in range(0, replicates, step)]
    point = family.compute(values, np.ones((n, 1)))
    trials = {}
    if family is RANKING:
        positives = int(values[:, 1].sum())
        trials["auroc"] = min(positives, n - positives)  # so many disjoint pairs of a positive and a negative
    return {
        (level, measure): Resampled(
            float(point[measure][0]),
            np.concatenate([part[measure] for part in parts]),
            n,
            trials.get(measure, 0),
        )
        for measure in family.measures
    }


def f1_interval(items: pd.DataFrame, level: str, *, replicates: int = REPLICATES, seed: int = 0) -> Estimate:
    """Give F1 = 2 TP / (2 TP + FP + FN) with its 95 % interval over items; see `resample`."""
    return resample(items, replicates=replicates, seed=seed)[level, "f1"].share_interval()


def paired_difference(
    a: pd.DataFrame, b: pd.DataFrame, level: str, *, replicates: int = REPLICATES, seed: int = 0
) -> Estimate:
    """Give F1 of `a` minus F1 of `b` with its 95 % interval over items, paired by their keys."""
    first, second = (resample(items, replicates=replicates, seed=seed)[level, "f1"] for items in (a, b))
    return first.minus(second).interval()


def _mix(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64-bit words (the finaliser of SplitMix64, Steele et al. 2014)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _poisson_table() -> npt.NDArray[np.uint8]:
    """Map a uniform 16-bit draw to a Poisson(1) count by inversion."""
    edges = np.rint(stats.poisson.cdf(np.arange(16), 1) * 2**16)
    return np.searchsorted(edges, np.arange(2**16), side="right").astype(np.uint8)
