"""What a change of the sequence gains and loses at the bases around it, as splice deltas tell it.

Source of the measure: the delta scores and delta positions of SpliceAI (Jaganathan et al. 2019). Here the
changed bases count as one place, whose value is the largest of them, so that exchanged alleles exchange gain
and loss.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from seqmill.applications.sequence import SequenceModel
from seqmill.genome.bases import codes_of
from seqmill.genome.reference import Reference, codes_over
from seqmill.interpretation.alleles import Change
from seqmill.interpretation.sequences import one_hot

REACH = 50
"""Bases on either side of a change that are looked at."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Delta:
    """The largest gain and loss of each output around an allele, [outputs] each.

    Attributes
    ----------
    gain, loss : float64 array
        Largest increase and decrease of the output at any base, 0 or more.
    gain_at, loss_at : int64 array
        Where: bases along the reference from the start of the allele as it is written, negative before it;
        the changed bases stand at the first of them. 0 where nothing changes.
    """

    gain: Floats
    gain_at: npt.NDArray[np.int64]
    loss: Floats
    loss_at: npt.NDArray[np.int64]


def delta(
    model: SequenceModel, change: Change, reference: Reference, *, start: int, reach: int = REACH
) -> Delta | None:
    """Compare the two alleles base by base; None where the model tells nothing of single bases.

    Parameters
    ----------
    model : SequenceModel
        The model.
    change : Change
        As `seqmill.interpretation.alleles.justified` gives it.
    reference : Reference
        Its genome; beyond a contig no base is known.
    start : int
        Start of the allele as it is written, 0-based.
    reach : int
        Bases on either side that are looked at.
    """
    if model.along is None:
        return None
    beside = reach + model.length // 2
    left = codes_over(reference, change.contig, change.start - beside, change.start)
    right = codes_over(reference, change.contig, change.end, change.end + beside)
    alleles = (codes_over(reference, change.contig, change.start, change.end), codes_of(change.bases))
    before, after = (_places(model.along, np.concatenate([left, one, right]), reach) for one in alleles)
    changed = after - before
    behind = change.end - change.start
    place = (
        change.start - start + np.concatenate([np.arange(-reach, 0), [0], np.arange(behind, behind + reach)])
    )
    up, down = changed.argmax(axis=1), changed.argmin(axis=1)
    rows = np.arange(len(changed))
    gain, loss = np.maximum(changed[rows, up], 0.0), np.maximum(-changed[rows, down], 0.0)
    return Delta(
        gain=gain,
        gain_at=np.where(gain > 0, place[up], 0),
        loss=loss,
        loss_at=np.where(loss > 0, place[down], 0),
    )


def _places(
    along: Callable[[torch.Tensor], torch.Tensor], codes: npt.NDArray[np.uint8], reach: int
) -> Floats:
    """Give the outputs before, at and behind the allele, [outputs, 2 * reach + 1]; 0 at one of no bases."""
    with torch.no_grad():
        told = along(one_hot(codes[None]))[0].double().numpy()
    held, behind = told[:, reach : told.shape[1] - reach], told[:, told.shape[1] - reach :]
    inner = held.max(axis=1, keepdims=True) if held.shape[1] else np.zeros((len(told), 1))
    return np.concatenate([told[:, :reach], inner, behind], axis=1)
