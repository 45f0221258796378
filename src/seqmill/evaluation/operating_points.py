"""From which quality a call counts, chosen on validation data."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, Sweep

REPLICATES = 200
_SEED = 20_301


def choose_points(sweeps: Sequence[Sweep]) -> OperatingPoints:
    """Choose the threshold that serves its goal best for every kind and nominal depth, cells pooled.

    Parameters
    ----------
    sweeps : sequence of Sweep
        Of the validation split; the test split must not be looked at.
    """
    pools: dict[tuple[str, str], list[Sweep]] = {}
    for sweep in sweeps:
        pools.setdefault((sweep.kind, sweep.depth), []).append(sweep)
    return OperatingPoints(
        OperatingPoint(
            kind=kind,
            coverage=float(np.mean([sweep.coverage for sweep in pool])),
            quality=bagged_threshold(
                np.concatenate([sweep.quality for sweep in pool]),
                np.concatenate([next(iter(sweep.correct.values())) for sweep in pool]),
                sum(sweep.truths for sweep in pool),
                goal=pool[0].goal,
            ),
        )
        for (kind, _), pool in sorted(pools.items())
    )


def bagged_threshold(
    quality: npt.ArrayLike,
    correct: npt.ArrayLike,
    truths: int,
    *,
    goal: Literal["f1", "accuracy"] = "f1",
    replicates: int = REPLICATES,
) -> float:
    """Give the median, over bootstrap replicates of the calls, of the threshold with the best F1 or accuracy.

    The best threshold of one sample jumps from call to call; its median over replicates moves little
    when a call is added, so that two callers are not told apart by the luck of their thresholds. In
    each replicate the threshold lies half-way between the last call it keeps and the next.

    Parameters
    ----------
    quality : float array, shape (n,)
        Quality of each call; higher is better.
    correct : bool array, shape (n,)
        Whether the call agrees with the truth.
    truths : int
        Alleles in the truth, called or not.
    goal : str
        What is best; for ``accuracy`` every item is a call.
    replicates : int
        Bootstrap replicates (Poisson weights; Breiman 1996, "Bagging predictors").

    Returns
    -------
    float
        The threshold, in units of `quality`; 0 where no call is correct.
    """
    order = np.argsort(-np.asarray(quality, np.float64), kind="stable")
    scores = np.asarray(quality, np.float64)[order]
    right = np.asarray(correct, bool)[order]
    if not right.any():
        return 0.0
    cuts = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    below = np.append(scores[cuts[:-1] + 1], scores[-1])
    thresholds = (scores[cuts] + below) / 2
    generator = np.random.Generator(np.random.Philox(_SEED))
    best = np.empty(replicates)
    for replicate in range(replicates):
        weight = generator.poisson(1.0, len(scores))
        hits = np.cumsum(weight * right)
        missed = generator.poisson(max(truths - int(right.sum()), 0))
        called = np.cumsum(weight)[cuts]
        if goal == "accuracy":
            value = 2 * hits[cuts] - called
        else:
            value = 2 * hits[cuts] / np.maximum(called + hits[-1] + missed, 1)
        best[replicate] = thresholds[np.argmax(value)]
    return float(np.median(best))
