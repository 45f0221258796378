"""Typed options of the networks and of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class _NetworkOptions:
    """What all networks share.

    Attributes
    ----------
    channels : int
        Channels of every convolution.
    stem : int
        Bases that the first convolution sees, odd.
    pool : int
        Bases of a bin of the profile.
    hidden : int
        Width of the count head's hidden layer.
    dropout : float
        Share of values left out in training.
    """

    channels: int = field(default=96, metadata={"at_least": 1})
    stem: int = field(default=15, metadata={"at_least": 1})
    pool: int = field(default=5, metadata={"at_least": 1})
    hidden: int = field(default=64, metadata={"at_least": 1})
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        if self.stem % 2 == 0:
            raise ValueError(f"stem: found {self.stem}, want an odd number, so that both strands lie alike")


@dataclass(frozen=True, kw_only=True)
class DilatedCNNOptions(_NetworkOptions):
    """Size of the dilated residual CNN, beside what all networks share.

    Attributes
    ----------
    dilations : tuple of int
        A residual block each, of three taps so many bins apart.
    drop_channels : bool
        Leave out whole channels of an example instead of single values: a tenth faster, and stronger.
    step : int
        Bases from one window that is trained on to the next.
    """

    dilations: tuple[int, ...] = (1, 2, 4, 9, 18, 27)
    drop_channels: bool = False
    step: int = field(default=50, metadata={"at_least": 1})


@dataclass(frozen=True, kw_only=True)
class ConvGRUOptions(_NetworkOptions):
    """Size of the recurrent network over convolved bins, beside what all networks share.

    Attributes
    ----------
    merge : int
        Bins that one step of the recurrent network reads.
    context : int
        Steps read on either side of a window.
    units : int
        Units of each direction.
    step : int
        Bases from one window that is trained on to the next.
    cell : str
        ``gru`` or ``lstm``.
    """

    merge: int = field(default=5, metadata={"at_least": 1})
    context: int = field(default=13, metadata={"at_least": 0})
    units: int = field(default=64, metadata={"at_least": 1})
    step: int = field(default=150, metadata={"at_least": 1})
    cell: Literal["gru", "lstm"] = "gru"


@dataclass(frozen=True, kw_only=True)
class ConvAttentionOptions(_NetworkOptions):
    """Size of the network of convolutions and local attention, beside what all networks share.

    Attributes
    ----------
    dilations : tuple of int
        A residual block each below the attention, of three taps so many bins apart.
    blocks : int
        Blocks of attention.
    heads : int
        Heads of each.
    reach : int
        Bins on either side that a bin attends to in each block.
    step : int
        Bases from one window that is trained on to the next.
    """

    dilations: tuple[int, ...] = (1, 2)
    blocks: int = field(default=2, metadata={"at_least": 1})
    heads: int = field(default=4, metadata={"at_least": 1})
    reach: int = field(default=24, metadata={"at_least": 1})
    step: int = field(default=50, metadata={"at_least": 1})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.channels % (2 * self.heads):
            raise ValueError(
                f"heads: found {self.heads}, want a divisor of channels = {self.channels} "
                "with an even quotient"
            )


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training.

    Attributes
    ----------
    jitter : int
        Most bases that an example is moved to either side.
    reverse_complement : bool
        Half of the time the other strand is read.
    mutations : float
        Share of known bases that are changed to another one.
    """

    jitter: int = field(default=250, metadata={"at_least": 0})
    reverse_complement: bool = True
    mutations: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
