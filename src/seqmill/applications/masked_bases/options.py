"""Typed options of the network and of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class MaskedCNNOptions:
    """Size of the trunk that is trained, and of the head that reads bases from it.

    The first five have to be those of the network that is to start from the trunk.

    Attributes
    ----------
    channels : int
        Channels of every convolution of the trunk.
    stem : int
        Bases that the first convolution sees, odd.
    pool : int
        Bases of a bin of the trunk.
    dilations : tuple of int
        A residual block each, of three taps so many bins apart.
    dropout : float
        Share of values left out in training.
    near : int
        Bases on either side of a base that the head reads for itself; 0 reads the trunk alone.
    hidden : int
        Width of the head's hidden layer at each base.
    """

    channels: int = field(default=96, metadata={"at_least": 1})
    stem: int = field(default=15, metadata={"at_least": 1})
    pool: int = field(default=5, metadata={"at_least": 1})
    dilations: tuple[int, ...] = (1, 2, 4, 9, 18, 27)
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})
    near: int = field(default=6, metadata={"at_least": 0})
    hidden: int = field(default=64, metadata={"at_least": 1})

    def __post_init__(self) -> None:
        if self.stem % 2 == 0:
            raise ValueError(f"stem: found {self.stem}, want an odd number, so that both strands lie alike")


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training.

    Attributes
    ----------
    masked : float
        Share of the bases that are hidden or exchanged, and have to be told.
    jitter : int
        Most bases that an example is moved to either side.
    reverse_complement : bool
        Half of the time the other strand is read.
    """

    masked: float = field(default=0.15, metadata={"above": 0, "below": 1})
    jitter: int = field(default=250, metadata={"at_least": 0})
    reverse_complement: bool = True
