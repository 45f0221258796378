"""Typed options of the networks and of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class _NetworkOptions:
    """What all networks share.

    Attributes
    ----------
    channels : int
        Channels of every convolution.
    stem : int
        Bases that the first convolution sees, odd.
    dilations : tuple of int
        A residual block each, of three taps so many bases apart.
    hidden : int
        Width of the head's hidden layer.
    dropout : float
        Share of values left out in training.
    """

    channels: int = field(default=64, metadata={"at_least": 1})
    stem: int = field(default=11, metadata={"at_least": 1})
    dilations: tuple[int, ...] = (1, 2)
    hidden: int = field(default=64, metadata={"at_least": 1})
    dropout: float = field(default=0.2, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        if self.stem % 2 == 0:
            raise ValueError(f"stem: found {self.stem}, want an odd number, so that a base has a middle")


@dataclass(frozen=True, kw_only=True)
class SiteCNNOptions(_NetworkOptions):
    """Size of the dilated residual CNN, beside what all networks share.

    Attributes
    ----------
    reach : int
        Bases on either side whose hidden channels are read place by place; 0 reads those of the base alone,
        as in SpliceAI.
    """

    reach: int = field(default=12, metadata={"at_least": 0})


@dataclass(frozen=True, kw_only=True)
class SiteGRUOptions(_NetworkOptions):
    """Size of the recurrent network over convolved bases, beside what all networks share.

    Attributes
    ----------
    reach : int
        Bases on either side that are read towards the base.
    units : int
        Units of each direction.
    """

    dilations: tuple[int, ...] = ()
    reach: int = field(default=15, metadata={"at_least": 1})
    units: int = field(default=48, metadata={"at_least": 1})


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training. The strand is never turned: splicing has a direction.

    Attributes
    ----------
    mutated : float
        Share of bases that are drawn anew.
    recombined : float
        Share of the windows without a site that are replaced by recombinations of the sites of the batch: at
        every place as frequent, but unrelated. For windows of one labelled base each.
    """

    mutated: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    recombined: float = field(default=0.0, metadata={"at_least": 0, "at_most": 1})
