"""A trait as covariates alone explain it: what is left over is what features are tested against."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError

Values = npt.NDArray[np.float64]
Model = Literal["linear", "logistic"]

_ROUNDS = 50
_CLOSE = 1e-10


@dataclass(frozen=True)
class Null:
    """A fitted model without any feature, whitened: residuals are of equal variance.

    Attributes
    ----------
    model : str
        ``linear`` or ``logistic``.
    weights : float64 array, shape (n,)
        Square roots of the variances of the model: 1, or those of ill and well.
    basis : float64 array, shape (n, c)
        Orthonormal basis of the weighted covariates and the constant.
    residuals : float64 array, shape (n,)
        Orthogonal to the basis.
    """

    model: Model
    weights: Values
    basis: Values
    residuals: Values

    @property
    def free(self) -> int:
        """Degrees of freedom that are left."""
        return len(self.residuals) - self.basis.shape[1]

    def whitened(self, features: Values) -> Values:
        """Give features, float64 [n, F], weighted and free of what covariates tell of them."""
        weighted = features * self.weights[:, None]
        return weighted - self.basis @ (self.basis.T @ weighted)


def fit_null(trait: Values, covariates: Values, model: Model) -> Null:
    """Fit a trait on covariates and a constant.

    Parameters
    ----------
    trait : float64 array, shape (n,)
        For ``logistic`` 0 or 1.
    covariates : float64 array, shape (n, C)
        Without missing values; constant and dependent ones are left out.
    model : str
        ``linear`` (least squares) or ``logistic`` (reweighted least squares; Nelder and Wedderburn 1972).

    Raises
    ------
    InputError
        When the trait does not vary, covariates leave nothing over, or they separate ill from well.
    """
    if trait.std() == 0:
        raise InputError(f"the trait is {trait[0]:g} for all {len(trait):,} people; give one that varies")
    design = _independent(np.column_stack([np.ones(len(trait)), covariates]))
    if len(trait) <= design.shape[1] + 1:
        raise InputError(
            f"{len(trait)} people for {design.shape[1]} covariates (and the constant); leave covariates out"
        )
    if model == "linear":
        basis = np.linalg.qr(design)[0]
        return Null("linear", np.ones(len(trait)), basis, trait - basis @ (basis.T @ trait))
    return _logistic(trait, design)


def _logistic(trait: Values, design: Values) -> Null:
    scale = np.abs(design).max(axis=0)
    design = design / scale
    effects = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        linear = design @ effects
        chance = 1 / (1 + np.exp(-linear.clip(-40, 40)))
        variance = chance * (1 - chance)
        if variance.max() < _CLOSE or (np.abs(linear) > 30).any():
            break
        step = np.linalg.lstsq(
            design.T @ (design * variance[:, None]), design.T @ (trait - chance), rcond=None
        )[0]
        effects += step
        if np.abs(design @ step).max() < _CLOSE:
            weights = np.sqrt(variance)
            basis = np.linalg.qr(design * weights[:, None])[0]
            return Null("logistic", weights, basis, (trait - chance) / weights)
    raise InputError(
        "covariates tell ill from well without error, so that no logistic model fits; leave out the "
        "covariate that does, or one that only few people have"
    )


def _independent(design: Values) -> Values:
    """Leave columns out that those before them make up; the first is the constant."""
    kept: list[int] = []
    basis = np.zeros((len(design), 0))
    for number in range(design.shape[1]):
        column = design[:, number]
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        size = np.linalg.norm(rest)
        if size > 1e-9 * max(np.linalg.norm(column), 1e-300):
            kept.append(number)
            basis = np.column_stack([basis, rest / size])
    return design[:, kept]
