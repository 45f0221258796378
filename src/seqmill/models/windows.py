"""Networks over windows of a fixed length: one set of outputs for a whole window.

A window is padded with unknown bases by what the trunk sees beside a bin, so that every base of it is read.

Source of the shape: a convolutional stem with early pooling and dilated residual blocks, as BPNet (Avsec et
al. 2021) and Basenji (Kelley et al. 2018) have them, read out as a whole.
"""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional as F

from seqmill.models.dilated import DilatedTrunk
from seqmill.models.recurrent import Cell, bidirectional


@dataclass(frozen=True, kw_only=True)
class _WindowOptions:
    """What networks over windows share.

    Attributes
    ----------
    channels : int
        Channels of every convolution.
    stem : int
        Bases that the first convolution sees, odd.
    pool : int
        Bases of a bin.
    dilations : tuple of int
        A residual block each, of three taps so many bins apart.
    hidden : int
        Width of the head's hidden layer.
    dropout : float
        Share of values left out in training.
    """

    channels: int = field(default=96, metadata={"at_least": 1})
    stem: int = field(default=13, metadata={"at_least": 1})
    pool: int = field(default=5, metadata={"at_least": 1})
    dilations: tuple[int, ...] = (1, 2)
    hidden: int = field(default=128, metadata={"at_least": 1})
    dropout: float = field(default=0.2, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        if self.stem % 2 == 0:
            raise ValueError(f"stem: found {self.stem}, want an odd number, so that both strands lie alike")


@dataclass(frozen=True, kw_only=True)
class WindowCNNOptions(_WindowOptions):
    """Size of the CNN, beside what all networks over windows share.

    Attributes
    ----------
    positional : int
        Channels that are read bin by bin; 0 reads none, and what a motif says is the same everywhere.
    """

    positional: int = field(default=16, metadata={"at_least": 0})


@dataclass(frozen=True, kw_only=True)
class WindowGRUOptions(_WindowOptions):
    """Size of the recurrent network, beside what all networks over windows share.

    Attributes
    ----------
    units : int
        Units of each direction.
    cell : str
        ``gru`` or ``lstm``.
    """

    dilations: tuple[int, ...] = ()
    units: int = field(default=64, metadata={"at_least": 1})
    cell: Cell = "gru"


class WindowNetwork(nn.Module):
    """A trunk over bins of a window, and a head that reads all of them.

    Parameters
    ----------
    trunk : DilatedTrunk
        One-hot DNA to hidden channels over bins.
    head : Module
        Hidden channels (B, channels, bins) -> (B, outputs).
    length : int
        Bases of a window.
    """

    def __init__(self, trunk: DilatedTrunk, head: nn.Module, *, length: int) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head
        self.length = length
        missing = bins_of(length, trunk.pool) * trunk.pool - length
        self.padding = (trunk.margin + missing // 2, trunk.margin + missing - missing // 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give outputs, float32 (B, outputs), of one-hot DNA (B, 4, length)."""
        return self.head(self.trunk(F.pad(x, self.padding))).float()


class PooledHead(nn.Module):
    """Reads the strongest and the mean response of each channel, and a few channels bin by bin.

    Parameters
    ----------
    channels, bins : int
        Shape of what comes in.
    outputs : int
        Numbers that go out.
    positional : int
        Channels read bin by bin.
    hidden : int
        Width of the hidden layer.
    dropout : float
        Share of values left out in training.
    """

    def __init__(
        self, channels: int, bins: int, *, outputs: int, positional: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        self.narrow = nn.Conv1d(channels, positional, 1) if positional else None
        self.read = _reader(2 * channels + positional * bins, outputs, hidden=hidden, dropout=dropout)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give (B, outputs) of hidden channels (B, channels, bins)."""
        views = [hidden.amax(2), hidden.mean(2)]
        if self.narrow is not None:
            views.append(self.narrow(hidden).flatten(1))
        return self.read(torch.cat(views, dim=1))


class RecurrentHead(nn.Module):
    """Reads the bins in both directions, and the strongest and mean state.

    Parameters
    ----------
    channels : int
        Hidden channels that come in.
    units : int
        Units of each direction.
    cell : str
        Kind of the recurrent network.
    outputs, hidden, dropout
        As in `PooledHead`.
    """

    def __init__(
        self, channels: int, *, units: int, cell: Cell, outputs: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        self.rnn = bidirectional(channels, units, cell)
        self.read = _reader(4 * units, outputs, hidden=hidden, dropout=dropout)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give (B, outputs) of hidden channels (B, channels, bins)."""
        states, _ = self.rnn(hidden.transpose(1, 2))
        return self.read(torch.cat([states.amax(1), states.mean(1)], dim=1))


def bins_of(length: int, pool: int) -> int:
    """Count the bins of `pool` bases that cover a window of `length` bases."""
    return -(-length // pool)


def window_cnn(options: WindowCNNOptions, *, length: int, outputs: int) -> WindowNetwork:
    """Build the CNN for windows of `length` bases and so many outputs."""
    head = PooledHead(
        options.channels,
        bins_of(length, options.pool),
        outputs=outputs,
        positional=options.positional,
        hidden=options.hidden,
        dropout=options.dropout,
    )
    return WindowNetwork(_trunk(options), head, length=length)


def window_gru(options: WindowGRUOptions, *, length: int, outputs: int) -> WindowNetwork:
    """Build the recurrent network for windows of `length` bases and so many outputs."""
    head = RecurrentHead(
        options.channels,
        units=options.units,
        cell=options.cell,
        outputs=outputs,
        hidden=options.hidden,
        dropout=options.dropout,
    )
    return WindowNetwork(_trunk(options), head, length=length)


def _trunk(options: _WindowOptions) -> DilatedTrunk:
    return DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        dropout=options.dropout,
    )


def _reader(width: int, outputs: int, *, hidden: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(width, hidden),
        nn.GELU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, outputs),
    )
