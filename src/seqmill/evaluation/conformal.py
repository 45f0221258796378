"""Intervals and sets that hold what is predicted with a wanted probability, whatever the model.

Sources of the methods: Papadopoulos et al. (2002), "Inductive confidence machines for regression", and Lei et
al. (2018), "Distribution-free predictive inference for regression" (split conformal intervals); Sadinle, Lei
and Wasserman (2019), "Least ambiguous set-valued classifiers with bounded error levels" (sets); Vovk (2012),
"Conditional validity of inductive conformal predictors" (Mondrian: calibrated in each group by itself).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

LEVEL = 0.9
"""Wanted share of examples whose interval or set holds the truth."""

FEWEST = 20
"""Calibration examples of a group below which it is given the radius of all."""

ALL = "all"
"""What stands for no group in particular."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Radius:
    """How far from a prediction the truth may be; the radius of all, and those of groups.

    Attributes
    ----------
    level : float
        Share of examples that are to be held.
    radius : float
        The `threshold` of all calibration examples; infinite where they are too few for the level.
    n : int
        Calibration examples.
    groups : mapping
        Group -> its own threshold, of groups of `FEWEST` calibration examples or more.
    """

    level: float
    radius: float
    n: int
    groups: Mapping[str, float] = field(default_factory=dict)

    def of(self, groups: Sequence[str]) -> Floats:
        """Give the radius of examples, each by its group, float64 [n]; that of all for other groups."""
        return np.array([self.groups.get(group, self.radius) for group in groups], np.float64)

    def basis(self, groups: Sequence[str], name: str) -> list[str]:
        """Say for each example what its radius was calibrated on: `name` of its group, or `ALL`."""
        return [name if group in self.groups else ALL for group in groups]


def threshold(scores: Floats, level: float = LEVEL) -> float:
    """Give the score that a new exchangeable example stays at or below with probability `level` or more.

    It is the k-th smallest of the n scores, k = ceil((n + 1) level); infinite where k is above n.
    """
    wanted = math.ceil((len(scores) + 1) * level - 1e-9)
    return float(np.partition(scores, wanted - 1)[wanted - 1]) if wanted <= len(scores) else math.inf


def calibrate(scores: Floats, groups: Sequence[str] | None = None, *, level: float = LEVEL) -> Radius:
    """Fit a radius to scores of nonconformity, such as ``|predicted - observed|``.

    Parameters
    ----------
    scores : float64 array, shape (n,)
        Of examples that the model has not learnt from.
    groups : sequence of str, optional
        The group of each example.
    level : float
        Share of examples that are to be held.
    """
    own: dict[str, float] = {}
    if groups is not None:
        names = np.asarray(groups)
        counted = zip(*np.unique(names, return_counts=True), strict=True)
        own = {str(g): threshold(scores[names == g], level) for g, count in counted if count >= FEWEST}
    return Radius(level=level, radius=threshold(scores, level), n=len(scores), groups=own)


def class_scores(probabilities: Floats, labels: npt.NDArray[np.integer]) -> Floats:
    """Give the nonconformity of labelled examples, [n]: 1 less the probability of the label."""
    return 1 - probabilities[np.arange(len(labels)), labels]


def class_sets(probabilities: Floats, radius: Floats) -> npt.NDArray[np.bool_]:
    """Give which classes are in the set of each example, [n, classes]; a set may be empty."""
    return 1 - probabilities <= radius[:, None]
