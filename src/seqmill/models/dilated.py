"""A trunk of dilated residual convolutions over DNA that looks at what is there and at nothing else.

All convolutions are valid: no zeros are padded in, so that a long stretch gives at each place what a window
around the place gives.

Source of the shape: BPNet (Avsec et al. 2021) and Basenji (Kelley et al. 2018), with early pooling.
"""

from collections.abc import Sequence

import torch
from torch import nn

from seqmill.models.places import Conv, Dropout, Norm
from seqmill.models.stem import Stem, Strongest


class DilatedTrunk(nn.Module):
    """One-hot DNA to hidden channels over bins of bases.

    Parameters
    ----------
    channels : int
        Channels of every layer.
    stem : int
        Bases that the first convolution sees; odd, so that both strands lie alike.
    pool : int
        Bases of a bin; the strongest response in it goes on.
    dilations : sequence of int
        One residual block each, of three taps so many bins apart.
    dropout : float
        Share of channels' values left out in training.
    drop_channels : bool
        Leave out whole channels of a row instead: over a long stretch a single value is told by its
        neighbours, so that leaving it out teaches little, and takes longer (Tompson et al. 2015).

    Attributes
    ----------
    margin : int
        Bases on either side of the first and the last bin that the trunk looks at.

    Raises
    ------
    ValueError
        When the stem is even.
    """

    def __init__(
        self,
        *,
        channels: int,
        stem: int,
        pool: int,
        dilations: Sequence[int],
        dropout: float,
        drop_channels: bool = False,
    ) -> None:
        super().__init__()
        if stem % 2 == 0:
            raise ValueError(f"stem: found {stem}, want an odd number of bases")
        self.channels = channels
        self.pool = pool
        self.margin = stem // 2 + pool * (1 + sum(dilations))
        self.stem = Stem(channels, stem, pool)
        self.body = nn.Sequential(
            Strongest(),
            Norm(channels),
            nn.ReLU(),
            Conv(channels, channels, 3),
            *(_Residual(channels, dilation, Dropout(dropout, whole=drop_channels)) for dilation in dilations),
            Norm(channels),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give hidden channels.

        Parameters
        ----------
        x : Tensor, shape (B, 4, L)
            One-hot DNA, L = `pool` * bins + 2 * `margin`.

        Returns
        -------
        Tensor, shape (B, channels, bins)
            Bin b stands for the bases from `margin` + b * `pool` on.
        """
        return self.body(self.stem(x)).transpose(1, 2)


class _Residual(nn.Module):
    """A dilated convolution and one across channels, beside a short cut that is cut to its length."""

    def __init__(self, channels: int, dilation: int, dropout: nn.Module) -> None:
        super().__init__()
        self.cut = dilation
        self.body = nn.Sequential(
            Norm(channels),
            nn.ReLU(),
            Conv(channels, channels, 3, dilation=dilation),
            Norm(channels),
            nn.ReLU(),
            dropout,
            Conv(channels, channels, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, self.cut : -self.cut] + self.body(x)
