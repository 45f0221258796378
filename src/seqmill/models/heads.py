"""Heads that read predictions out of hidden channels over bins."""

import torch
from torch import nn
from torch.nn import functional as F

_RATE = 0.2
_HIGHEST = 8.0


class ProfileCountHead(nn.Module):
    """Expected events in each bin, and in windows of bins.

    A window's expectation is the sum of its bins', corrected by a factor from its mean hidden channels: the
    profile carries what is local, the correction what is not.

    Parameters
    ----------
    channels : int
        Hidden channels.
    window, stride : int
        Bins of a window, and from one window to the next.
    hidden : int
        Width of the correction's hidden layer.
    """

    def __init__(self, channels: int, *, window: int, stride: int, hidden: int) -> None:
        super().__init__()
        self.window, self.stride = window, stride
        self.rate = nn.Conv1d(channels, 1, 1)
        nn.init.zeros_(self.rate.weight)  # a random profile can start in a rate from which nothing is learnt
        nn.init.constant_(self.rate.bias, torch.log(torch.tensor(_RATE)).item())
        self.correction = nn.Sequential(
            nn.Conv1d(channels, hidden, 1), nn.GELU(), nn.Conv1d(hidden, 1, 1)
        )

    def forward(self, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give natural logarithms of expectations.

        Parameters
        ----------
        hidden : Tensor, shape (B, channels, bins)

        Returns
        -------
        log_rates : Tensor, float32, shape (B, bins)
        log_counts : Tensor, float32, shape (B, windows)
            Windows from bin 0, `stride`, 2 * `stride`, ... on.
        """
        log_rates = self.rate(hidden).squeeze(1).float().clamp(max=_HIGHEST)
        summed = self.window * F.avg_pool1d(log_rates.exp(), self.window, self.stride)
        pooled = F.avg_pool1d(hidden, self.window, self.stride)
        return log_rates, self.correction(pooled).squeeze(1).float() + summed.log()
