"""Typed options of the networks and of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ScalarsOptions:
    """Size of the MLP over summary features.

    Attributes
    ----------
    hidden, layers : int
        Width and number of the hidden layers.
    dropout : float
        Share of hidden units left out in training.
    """

    hidden: int = field(default=128, metadata={"at_least": 1})
    layers: int = field(default=3, metadata={"at_least": 1})
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class PileupCNNOptions:
    """Size of the CNN over grouped columns.

    Attributes
    ----------
    channels, blocks : int
        Filters of each convolution, and residual blocks (dilation 1, 2, 4, ...).
    hidden : int
        Width of the head.
    dropout : float
        Share of units left out in training.
    """

    channels: int = field(default=32, metadata={"at_least": 1})
    blocks: int = field(default=3, metadata={"at_least": 1})
    hidden: int = field(default=128, metadata={"at_least": 1})
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class PileupGRUOptions:
    """Size of the bidirectional GRU over grouped columns.

    Attributes
    ----------
    hidden, layers : int
        Units of each direction, and stacked layers.
    head : int
        Width of the head.
    dropout : float
        Share of units left out in training.
    """

    hidden: int = field(default=48, metadata={"at_least": 1})
    layers: int = field(default=1, metadata={"at_least": 1})
    head: int = field(default=128, metadata={"at_least": 1})
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training.

    Attributes
    ----------
    downsample : float
        Share of the examples whose reads are thinned, to between a third and all of them.
    swap_strands : bool
        Half of the time forward reads become reverse reads.
    permute_bases : bool
        Half of the time every base becomes its complement, in place.
    """

    downsample: float = field(default=0.3, metadata={"at_least": 0, "at_most": 1})
    swap_strands: bool = True
    permute_bases: bool = True
