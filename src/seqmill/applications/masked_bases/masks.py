"""Which bases of an example are hidden."""

from typing import NamedTuple

import torch

from seqmill.shards.bases import AMBIGUOUS

EVERY = 7
"""One base in so many is hidden where models are compared. The bases between are known, so a Markov chain
whose order is below it knows all that it asks for."""

_KEPT, _EXCHANGED = 0.1, 0.1


class Masked(NamedTuple):
    """An example as it is shown, and what has to be told of it.

    Attributes
    ----------
    codes : Tensor, uint8 (B, L)
        Base codes, `AMBIGUOUS` where a base is hidden.
    asked : Tensor, bool (B, L)
        Bases that have to be told; each is known.
    """

    codes: torch.Tensor
    asked: torch.Tensor


def masked_places(ids: torch.Tensor, span: int) -> torch.Tensor:
    """Give the places that are hidden where models are compared.

    They hang on the example alone: each seventh, from the remainder of its id on.

    Parameters
    ----------
    ids : Tensor, uint64 (B,)
        Example ids.
    span : int
        Bases that may be hidden.

    Returns
    -------
    Tensor, int64 (B, places)
        Counted from the first base of the span; the last may lie behind it.
    """
    first = ids.view(torch.int64) % EVERY
    return first[:, None] + torch.arange(0, span, EVERY, device=ids.device)


def mask_evenly(codes: torch.Tensor, ids: torch.Tensor) -> Masked:
    """Hide the `masked_places` of examples.

    Parameters
    ----------
    codes : Tensor, uint8 (B, L)
        Base codes.
    ids : Tensor, uint64 (B,)
        Example ids.
    """
    length = codes.shape[1]
    chosen = torch.zeros(len(codes), length + EVERY, dtype=torch.bool, device=codes.device)
    chosen = chosen.scatter(1, masked_places(ids, length), True)[:, :length]
    return Masked(codes.masked_fill(chosen, AMBIGUOUS), chosen & (codes < AMBIGUOUS))


def mask_at_random(codes: torch.Tensor, share: float) -> Masked:
    """Ask for a share of the bases: most of them hidden, a tenth exchanged at random and a tenth as they are.

    Those that are not hidden keep a network from reading bases only where it sees a gap.

    Source: Devlin et al. (2019), "BERT".

    Parameters
    ----------
    codes : Tensor, uint8 (B, L)
        Base codes.
    share : float
        Share of bases to ask for.
    """
    asked = (torch.rand(codes.shape, device=codes.device) < share) & (codes < AMBIGUOUS)
    fate = torch.rand(codes.shape, device=codes.device)
    drawn = torch.randint(0, AMBIGUOUS, codes.shape, dtype=torch.uint8, device=codes.device)
    shown = torch.where(asked & (fate < _EXCHANGED), drawn, codes)
    return Masked(shown.masked_fill(asked & (fate >= _EXCHANGED + _KEPT), AMBIGUOUS), asked)
