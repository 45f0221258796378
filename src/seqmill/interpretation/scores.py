"""What changes of a sequence change in a model's outputs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from seqmill.applications.sequence import SequenceModel
from seqmill.interpretation.deltas import REACH
from seqmill.interpretation.pairs import Pair
from seqmill.interpretation.sequences import BATCH, one_hot, predict

_FEWEST = 4  # long windows in one call


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The effect of one allele, float64 [outputs] each.

    Attributes
    ----------
    reference, alternative : array
        Outputs for the two alleles in the middle of the window.
    change : array
        Alternative minus reference; in units of log2 where outputs are logarithms.
    local : array
        The largest absolute change in any window that was looked at, or at any base within `REACH`.
    """

    reference: npt.NDArray[np.float64]
    alternative: npt.NDArray[np.float64]
    change: npt.NDArray[np.float64]
    local: npt.NDArray[np.float64]


def window_length(model: SequenceModel) -> int:
    """Give the bases of the windows that a model is asked about: for each base within `REACH` its own."""
    return model.length + (2 * REACH if model.along else 0)


def score(model: SequenceModel, alleles: Sequence[Sequence[Pair]], *, batch: int = BATCH) -> list[Effect]:
    """Score alleles by their pairs of windows; windows that are the same are asked once.

    Parameters
    ----------
    model : SequenceModel
        The model.
    alleles : sequence
        For each allele its pairs, the middle place among them.
    batch : int
        Windows in one call of the model.
    """
    if not alleles:
        return []
    places: dict[bytes, int] = {}
    windows: list[npt.NDArray[np.uint8]] = []
    for pairs in alleles:
        for pair in pairs:
            for window in (pair.reference, pair.alternative):
                if places.setdefault(window.tobytes(), len(windows)) == len(windows):
                    windows.append(window)
    said = _said(model, np.stack(windows), batch)
    unit = math.log(2) if model.logarithmic else 1.0
    return [_effect(pairs, places, said, unit) for pairs in alleles]


def _said(model: SequenceModel, windows: npt.NDArray[np.uint8], batch: int) -> npt.NDArray[np.float64]:
    """Give outputs [windows, outputs, bases]; the middle one of the bases is that of the window."""
    if model.along is None:
        return predict(model.function, windows, batch=batch)[:, :, None]
    few = max(_FEWEST, batch * model.length // windows.shape[1])
    with torch.no_grad():
        parts = [model.along(one_hot(windows[at : at + few])) for at in range(0, len(windows), few)]
    return torch.cat(parts).double().numpy()


def _trusted(pairs: Sequence[Pair], bases: int) -> npt.NDArray[np.float64]:
    """Give the weight of each pair at each base, [pairs, bases].

    A base that has the same place in both windows of one pair alone is told by that pair.
    """
    if bases == 1:
        return np.ones((len(pairs), 1))
    places = np.arange(bases) + (len(pairs[0].reference) - bases) // 2
    fixed = np.array([(places >= pair.fixed[0]) & (places < pair.fixed[1]) for pair in pairs], np.float64)
    return np.where(fixed.any(axis=0), fixed, 1.0)


def _effect(
    pairs: Sequence[Pair], places: dict[bytes, int], said: npt.NDArray[np.float64], unit: float
) -> Effect:
    moves = np.array([pair.move for pair in pairs])
    middle = said.shape[2] // 2
    trusted = _trusted(pairs, said.shape[2])
    reference = said[[places[pair.reference.tobytes()] for pair in pairs]]
    alternative = said[[places[pair.alternative.tobytes()] for pair in pairs]]
    mean = {
        move: [
            np.average(side[moves == move], axis=0, weights=weights)
            for side in (reference, alternative, alternative - reference)
            for weights in [np.broadcast_to(trusted[moves == move][:, None], side[moves == move].shape)]
        ]
        for move in np.unique(moves)
    }
    changes = np.concatenate([change for *_, change in mean.values()], axis=1)
    return Effect(
        reference=mean[0][0][:, middle],
        alternative=mean[0][1][:, middle],
        change=mean[0][2][:, middle] / unit,
        local=np.abs(changes).max(axis=1) / unit,
    )
