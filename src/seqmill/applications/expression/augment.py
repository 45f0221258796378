"""A change of promoters and their levels, drawn anew in each step."""

import torch
from torch.distributions import Beta


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
