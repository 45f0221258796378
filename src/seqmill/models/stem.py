"""The first convolution of a network over DNA, and the strongest of its responses in each bin.

One-hot DNA has four channels: a convolution of some 15 bases over it is a single product of matrices, a row
of 60 numbers for each base. Rows are put so that the bases of a bin lie apart by whole blocks, and the
strongest of them is found block by block.
"""

from typing import Any

import torch
from torch import nn


class Stem(nn.Conv1d):
    """A convolution over one-hot DNA whose responses are told by their place in a bin.

    Parameters
    ----------
    channels : int
        Filters.
    width : int
        Bases that each sees.
    pool : int
        Bases of a bin.
    """

    def __init__(self, channels: int, width: int, pool: int) -> None:
        super().__init__(4, channels, width)
        self.pool = pool

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the responses (pool, B, bins, channels) of one-hot DNA (B, 4, L).

        Bases at the end that fill no bin are left out.
        """
        width = self.kernel_size[0]
        bins = (x.shape[2] - width + 1) // self.pool
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        rows = x.transpose(1, 2).flatten(1).unfold(1, 4 * width, 4)[:, : bins * self.pool]
        apart = rows.unflatten(1, (bins, self.pool)).permute(2, 0, 1, 3)
        return nn.functional.linear(apart, self.weight.transpose(1, 2).flatten(1), self.bias)


class Strongest(nn.Module):
    """The strongest response in each bin."""

    def forward(self, responses: torch.Tensor) -> torch.Tensor:
        """Give (B, bins, channels) of (pool, B, bins, channels)."""
        return _Strongest.apply(responses)


class _Strongest(torch.autograd.Function):
    """Maximum over the first axis; equal ones share its gradient, so that both strands learn alike."""

    @staticmethod
    def forward(ctx: Any, values: torch.Tensor) -> torch.Tensor:
        best = values[0].clone()
        for further in values[1:]:
            torch.maximum(best, further, out=best)
        ctx.save_for_backward(values, best)
        return best

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        values, best = ctx.saved_tensors
        reached = (values - best).ge_(0)
        return reached.mul_(gradients[0] / reached.sum(0))
