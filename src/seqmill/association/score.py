"""Score tests of features, one by one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.association.null import Null, Values


@dataclass(frozen=True)
class Tested:
    """The test of F features; nan where a feature does not vary beside the covariates.

    Attributes
    ----------
    effect, error : float64 array, shape (F,)
        Change of the trait, or of the log odds, per unit of the feature, and its standard error. Those of log
        odds are the first step of Newton from none.
    chi2 : float64 array, shape (F,)
        Of one degree of freedom.
    p : float64 array, shape (F,)
        Two-sided.
    """

    effect: Values
    error: Values
    chi2: Values
    p: Values


def score_tests(features: Values, null: Null) -> Tested:
    """Test features against a trait.

    For the linear model the statistic is turned into that of the regression with the feature in it, which is
    Fisher's F, so that p is exact for normal errors at any number of people. For the logistic model it is
    Rao's (1948), whose chi-squared distribution holds for many people.

    Parameters
    ----------
    features : float64 array, shape (n, F)
        Without missing values.
    null : Null
        The trait on covariates alone.
    """
    from scipy import stats

    white = null.whitened(features)
    size = (white**2).sum(axis=0)
    known = size > 1e-9 * np.maximum((features**2).sum(axis=0), 1e-300)
    size = np.where(known, size, np.nan)
    score = white.T @ null.residuals
    effect = score / size
    if null.model == "logistic":
        chi2 = score**2 / size
        return Tested(effect, 1 / np.sqrt(size), chi2, stats.chi2.sf(chi2, 1))
    total = float(null.residuals @ null.residuals)
    explained = score**2 / size
    rest = np.maximum(total - explained, 0)
    with np.errstate(divide="ignore"):
        fisher = explained * (null.free - 1) / rest
    p = stats.f.sf(fisher, 1, null.free - 1)
    # A chi-squared of the same p, so that both models have one measure.
    return Tested(effect, np.sqrt(rest / (null.free - 1) / size), stats.chi2.isf(p, 1), p)


def permutation_tests(
    features: Values, null: Null, *, times: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Test features against residuals dealt anew to the people.

    Residuals are dealt, not traits, so that covariates keep what they explain (Freedman and Lane 1983).

    Parameters
    ----------
    features, null
        As for `score_tests`.
    times : int
        How often they are dealt.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    p : float64 array, shape (F,)
        Share of the deals, with the one at hand, whose statistic of the feature is as high.
    familywise : float64 array, shape (F,)
        Share whose highest statistic of all features is as high (Westfall and Young 1993).
    """
    white = null.whitened(features)
    length = np.linalg.norm(white, axis=0)
    known = length > 1e-5 * np.maximum(np.linalg.norm(features, axis=0), 1e-150)
    unit = np.where(known, white / np.where(known, length, 1), 0)
    here = np.abs(unit.T @ null.residuals) * (1 - 1e-12)
    alike, highest = np.ones(unit.shape[1]), np.ones(unit.shape[1])
    for _ in range(times):
        dealt = rng.permutation(null.residuals)
        dealt -= null.basis @ (null.basis.T @ dealt)
        dealt *= np.linalg.norm(null.residuals) / np.linalg.norm(dealt)
        there = np.abs(unit.T @ dealt)
        alike += there >= here
        highest += there.max() >= here
    return tuple(np.where(known, counts / (times + 1), np.nan) for counts in (alike, highest))
