"""Typed options of the networks and of augmentation; they are checked before anything is trained."""

from dataclasses import dataclass, field

from seqmill.models.windows import WindowCNNOptions, WindowGRUOptions


@dataclass(frozen=True, kw_only=True)
class SiteCNNOptions(WindowCNNOptions):
    """Size of the CNN, and what its first filters begin as.

    Attributes
    ----------
    motifs : str
        File in MEME format; the motifs named by a factor are where its filters begin. Empty draws all.
    """

    channels: int = field(default=64, metadata={"at_least": 1})
    stem: int = field(default=15, metadata={"at_least": 1})
    motifs: str = ""


@dataclass(frozen=True, kw_only=True)
class SiteGRUOptions(WindowGRUOptions):
    """Size of the recurrent network, and what its first filters begin as.

    Attributes
    ----------
    motifs : str
        As in `SiteCNNOptions`.
    """

    channels: int = field(default=64, metadata={"at_least": 1})
    stem: int = field(default=15, metadata={"at_least": 1})
    motifs: str = ""


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training.

    Attributes
    ----------
    reverse_complement : bool
        Half of the time the other strand is read.
    shift : int
        Most bases that a window is moved to either side; what moves in is unknown.
    """

    reverse_complement: bool = True
    shift: int = field(default=0, metadata={"at_least": 0})
