"""A sweep's trials: their settings beside their score, and which settings the score hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from seqmill.comparison.leaderboard import rank
from seqmill.comparison.runs import Caller, leading

Values = Sequence[str | int | float | bool]


@dataclass(frozen=True)
class Swept:
    """A sweep whose trials were scored.

    Attributes
    ----------
    name, base : str
        The sweep, and the experiment it varies.
    trials : tuple of str
        The trials that were scored, best first.
    settings : dict
        Key -> value of each of these trials.
    scores : tuple of float
        Mean over the cells of the leading measure, of each trial.
    importance : dict
        Key -> share of the variance of the scores' ranks that it alone explains, between 0 and 1, the
        highest first; see `importance_of`.
    """

    name: str
    base: str
    trials: tuple[str, ...]
    settings: dict[str, tuple[Any, ...]]
    scores: tuple[float, ...]
    importance: dict[str, float]


def sweeps_of(callers: Sequence[Caller], declared: Mapping[str, Any]) -> list[Swept]:
    """Give the sweeps of which two trials or more are among the callers.

    Parameters
    ----------
    callers : sequence of Caller
        A trial is the caller of its name.
    declared : mapping
        Sweep -> ``base`` and ``trials`` (trial -> key -> value).
    """
    if not declared:
        return []
    means = {row.caller.name: row.mean for row in rank(callers, *leading(callers)) if row.mean == row.mean}
    found = []
    for name, sweep in declared.items():
        trials = sorted(
            (trial for trial in sweep["trials"] if trial in means), key=lambda trial: -means[trial]
        )
        if len(trials) < 2:
            continue
        keys = list(dict.fromkeys(key for trial in trials for key in sweep["trials"][trial]))
        settings = {key: tuple(sweep["trials"][trial].get(key) for trial in trials) for key in keys}
        scores = tuple(means[trial] for trial in trials)
        importance = {key: importance_of(values, scores) for key, values in settings.items()}
        ordered = dict(sorted(importance.items(), key=lambda one: -one[1]))
        found.append(Swept(name, sweep["base"], tuple(trials), settings, scores, ordered))
    return found


def importance_of(values: Values, scores: Sequence[float]) -> float:
    """Give the share of the variance in the scores' ranks that a setting explains alone.

    For numbers the squared rank correlation of Spearman. For names the correlation ratio of
    the ranks, corrected for the number of names (Kelley 1935). A
    score that is best inside a range shows in the plot, not here.
    """
    ranks = stats.rankdata(scores)
    if len(set(values)) < 2 or np.ptp(ranks) == 0:
        return 0.0
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        places = stats.rankdata(np.asarray(values, np.float64))
        return float(np.corrcoef(places, ranks)[0, 1] ** 2)
    return _correlation_ratio([str(value) for value in values], ranks)


def _correlation_ratio(names: Sequence[str], ranks: npt.NDArray[np.float64]) -> float:
    groups = {name: ranks[[at == name for at in names]] for name in set(names)}
    n, k = len(ranks), len(groups)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups.values())
    total = float(((ranks - ranks.mean()) ** 2).sum())
    if n <= k:
        return 0.0
    return max(0.0, 1 - (within / (n - k)) / (total / (n - 1)))
