"""Heads that read predictions out of hidden channels over bins."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from seqmill.models.recurrent import WindowRNN

_RATE = 0.2
_HIGHEST = 8.0


class RateHead(nn.Conv1d):
    """The natural logarithm of the events expected in each bin; the same everywhere before training.

    Parameters
    ----------
    channels, tracks : int
        Hidden channels that come in; tracks that go out.
    """

    def __init__(self, channels: int, tracks: int = 1) -> None:
        super().__init__(channels, tracks, 1)
        nn.init.zeros_(self.weight)  # a random profile can start in a rate from which nothing is learnt
        nn.init.constant_(self.bias, math.log(_RATE))

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give log rates, float32 (B, tracks, bins), of hidden channels (B, channels, bins)."""
        return super().forward(hidden).float().clamp(max=_HIGHEST)


def log_window_sums(log_rates: torch.Tensor, window: int, stride: int) -> torch.Tensor:
    """Give the logarithm of the rates summed over windows, (B, tracks, windows) of (B, tracks, bins)."""
    return (window * F.avg_pool1d(log_rates.exp(), window, stride)).log()


class ProfileCountHead(nn.Module):
    """Expected events of each track in each bin, and in windows of bins.

    A window's expectation is the sum of its bins', corrected by a factor from its mean hidden channels: the
    profile carries what is local, the correction what is not.

    Parameters
    ----------
    channels : int
        Hidden channels.
    window, stride : int
        Bins of a window, and from one window to the next.
    hidden : int
        Width of the correction's hidden layer, which the tracks share.
    tracks : int
        Outputs, such as one for each tissue; they share all but the last layers.
    """

    def __init__(self, channels: int, *, window: int, stride: int, hidden: int, tracks: int = 1) -> None:
        super().__init__()
        self.window, self.stride = window, stride
        self.rate = RateHead(channels, tracks)
        self.correction = nn.Sequential(
            nn.Conv1d(channels, hidden, 1), nn.GELU(), nn.Conv1d(hidden, tracks, 1)
        )

    def forward(self, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give natural logarithms of expectations.

        Parameters
        ----------
        hidden : Tensor, shape (B, channels, bins)

        Returns
        -------
        log_rates : Tensor, float32, shape (B, tracks, bins)
        log_counts : Tensor, float32, shape (B, tracks, windows)
            Windows from bin 0, `stride`, 2 * `stride`, ... on.
        """
        log_rates = self.rate(hidden)
        pooled = F.avg_pool1d(hidden, self.window, self.stride)
        summed = log_window_sums(log_rates, self.window, self.stride)
        return log_rates, self.correction(pooled).float() + summed


class SiteHead(nn.Module):
    """Classes of each base from the hidden channels around it, read place by place.

    For one base this is a dense layer over a window of hidden channels; over a stretch the windows share
    their convolutions.

    Parameters
    ----------
    channels, classes : int
        Hidden channels that come in; classes that go out.
    reach : int
        Bases read on either side of a base.
    hidden : int
        Width of the hidden layer.
    dropout : float
        Share of values left out in training.
    """

    def __init__(self, channels: int, *, classes: int, reach: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.reach = reach
        self.read = nn.Sequential(
            nn.Dropout(dropout),
            nn.Conv1d(channels, hidden, 2 * reach + 1),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Conv1d(hidden, classes, 1),
        )

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give logits, float32 (B, classes, L), of hidden channels (B, channels, L + 2 * `reach`)."""
        return self.read(hidden).float()


class RecurrentSiteHead(nn.Module):
    """Classes of each base from what a bidirectional recurrent network reads around it.

    Parameters
    ----------
    channels, classes, reach, hidden, dropout
        As in `SiteHead`.
    units : int
        Units of each direction.
    """

    def __init__(
        self, channels: int, *, classes: int, reach: int, units: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        self.reach = reach
        self.rnn = WindowRNN(channels, units, window=1, stride=1, context=reach)
        self.read = nn.Sequential(
            nn.Dropout(dropout),
            nn.Conv1d(2 * units, hidden, 1),
            nn.GELU(),
            nn.Conv1d(hidden, classes, 1),
        )

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give logits, float32 (B, classes, L), of hidden channels (B, channels, L + 2 * `reach`)."""
        return self.read(self.rnn(hidden)).float()
