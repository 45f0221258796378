"""Contributions from changing every base to every other."""

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.sequences import Codes, Function, predict


def saturation_mutagenesis(function: Function, codes: Codes, *, output: int = 0) -> npt.NDArray[np.float32]:
    """Give what each substitution changes: float32 [n, 4, length], 0 for the base that is there.

    Positions without a base are left alone and get 0.
    """
    changes = np.zeros((len(codes), 4, codes.shape[1]), np.float32)
    for row, window in enumerate(codes):
        bases, places = np.nonzero((np.arange(4)[:, None] != window) & (window != AMBIGUOUS))
        mutants = np.repeat(window[None], len(places) + 1, axis=0)
        mutants[np.arange(len(places)), places] = bases
        said = predict(function, mutants)[:, output]
        changes[row, bases, places] = said[:-1] - said[-1]
    return changes


def mutational_contributions(function: Function, codes: Codes, *, output: int = 0) -> Contributions:
    """Attribute by saturation mutagenesis: each base against the mean of all four at its position."""
    changes = saturation_mutagenesis(function, codes, output=output)
    return Contributions(
        codes=codes,
        hypothetical=changes - changes.mean(axis=1, keepdims=True),
        predicted=predict(function, codes)[:, output],
        expected=np.full(len(codes), np.nan),
    )
