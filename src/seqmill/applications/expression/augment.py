"""Changes of promoters that hardly change what they do, drawn anew in each step."""

import torch
from torch.distributions import Beta

from seqmill.genome.bases import AMBIGUOUS


def shifted(codes: torch.Tensor, most: int) -> torch.Tensor:
    """Move each sequence by up to `most` bases to either side.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, L)
        Base codes.
    most : int
        Bases.

    Returns
    -------
    Tensor, uint8, shape (B, L)
        Bases that come in from beside are unknown.
    """
    return moved(codes, torch.randint(-most, most + 1, (len(codes), 1), device=codes.device))


def moved(codes: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    """Move each sequence by its own number of bases, to the left where it is above 0.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, L)
        Base codes.
    by : Tensor, int64, shape (B, 1)
        Bases.

    Returns
    -------
    Tensor, uint8, shape (B, L)
        Bases that come in from beside are unknown.
    """
    length = codes.shape[1]
    places = torch.arange(length, device=codes.device) + by
    inside = (places >= 0) & (places < length)
    return codes.gather(1, places.clamp(0, length - 1)).masked_fill(~inside, AMBIGUOUS)


def mixed(x: torch.Tensor, levels: torch.Tensor, alpha: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Mix each example with another one of the batch (mixup, Zhang et al. 2018).

    Parameters
    ----------
    x : Tensor, float32, shape (B, 4, L)
        One-hot sequences.
    levels : Tensor, float32, shape (B,)
        Their levels.
    alpha : float
        Parameter of the beta distribution that the first one's share is drawn from, once for each example.
    """
    share = Beta(alpha, alpha).sample((len(x),)).to(x.device)
    other = torch.randperm(len(x), device=x.device)
    wide = share[:, None, None]
    return wide * x + (1 - wide) * x[other], share * levels + (1 - share) * levels[other]
