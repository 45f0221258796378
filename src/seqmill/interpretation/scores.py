"""What changes of a sequence change in a model's outputs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.applications.sequence import SequenceModel
from seqmill.interpretation.pairs import Pair
from seqmill.interpretation.sequences import BATCH, predict


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
        The largest absolute change in any window that was looked at.
    """

    reference: npt.NDArray[np.float64]
    alternative: npt.NDArray[np.float64]
    change: npt.NDArray[np.float64]
    local: npt.NDArray[np.float64]


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
    said = predict(model.function, np.stack(windows), batch=batch)
    unit = math.log(2) if model.logarithmic else 1.0
    return [_effect(pairs, places, said, unit) for pairs in alleles]


def _effect(
    pairs: Sequence[Pair], places: dict[bytes, int], said: npt.NDArray[np.float64], unit: float
) -> Effect:
    moves = np.array([pair.move for pair in pairs])
    reference = said[[places[pair.reference.tobytes()] for pair in pairs]]
    alternative = said[[places[pair.alternative.tobytes()] for pair in pairs]]
    changes = {
        move: (alternative[moves == move] - reference[moves == move]).mean(axis=0) / unit
        for move in np.unique(moves)
    }
    return Effect(
        reference=reference[moves == 0].mean(axis=0),
        alternative=alternative[moves == 0].mean(axis=0),
        change=changes[0],
        local=np.abs(np.stack(list(changes.values()))).max(axis=0),
    )
