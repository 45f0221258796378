"""Layers over hidden channels that lie place by place, (B, T, channels), as processors convolve fastest."""

import torch
from torch import nn
from torch.nn import functional as F

_DRAWS = 1 << 16
_IN_A_DRAW = 4


class Conv(nn.Conv1d):
    """A convolution along places, nothing padded.

    Parameters are those of `torch.nn.Conv1d`, of which ``dilation`` alone may be given.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, T - dilation * (kernel - 1), channels out) of (B, T, channels in)."""
        image = x.transpose(1, 2).unsqueeze(2)
        found = F.conv2d(image, self.weight.unsqueeze(2), self.bias, dilation=(1, self.dilation[0]))
        return found.squeeze(2).transpose(1, 2)


class Norm(nn.BatchNorm1d):
    """Batch normalisation of each channel over rows and places."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, T, channels) of the same shape."""
        return super().forward(x.flatten(0, 1)).view_as(x)


class Dropout(nn.Module):
    """Leave out values in training, and scale what stays.

    Parameters
    ----------
    share : float
        What is left out.
    whole : bool
        Leave out whole channels of a row.
    """

    def __init__(self, share: float, *, whole: bool = False) -> None:
        super().__init__()
        self.share, self.whole = share, whole

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, T, channels) of the same shape."""
        if not self.training or not self.share:
            return x
        if self.whole:
            return x * F.dropout(x.new_ones(len(x), 1, x.shape[2]), self.share)
        if x.device.type != "cpu":
            return F.dropout(x, self.share)
        return x * kept(x, self.share)


def kept(x: torch.Tensor, share: float) -> torch.Tensor:
    """Draw what stays of values: 0 for a share of them, 1 / (1 - share) for the others.

    A generator's draw of 64 bits decides four values, so that the share is a multiple of 2^-16.

    Parameters
    ----------
    x : Tensor
        Values on a processor.
    share : float
        What is left out, from 0 to below 1.

    Returns
    -------
    Tensor
        Shape and dtype of `x`.
    """
    draws = torch.empty(-(-x.numel() // _IN_A_DRAW), dtype=torch.int64).random_(-(1 << 63), None)
    drawn = draws.view(torch.int16)[: x.numel()].view(x.shape)
    left_out = round(share * _DRAWS)
    stays = torch.ge(drawn, left_out - _DRAWS // 2, out=torch.empty_like(drawn, dtype=x.dtype))
    return stays.mul_(_DRAWS / (_DRAWS - left_out))
