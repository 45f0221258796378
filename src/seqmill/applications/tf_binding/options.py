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
    """What is changed at random in training, and what stands for labels that are not known.

    Attributes
    ----------
    reverse_complement : bool
        Half of the time the other strand is read.
    shift : int
        Most bases that a window is moved to either side; what moves in is unknown.
    teachers : tuple of str
        Trained models, as paths of checkpoints or ``models:/NAME@ALIAS``, whose mean probability is the
        target where no label is read. Empty learns from labels alone.
    labelled : float
        Share of the training examples whose labels are read beside teachers: the same examples that
        ``trainer.train_fraction`` takes.
    against_shuffles : bool
        No label is read: the network learns to tell each window from a shuffle of it that keeps its pairs of
        neighbouring bases, drawn anew each time. It is where a network for few labels can start from.
    """

    reverse_complement: bool = True
    shift: int = field(default=0, metadata={"at_least": 0})
    teachers: tuple[str, ...] = ()
    labelled: float = field(default=1.0, metadata={"above": 0, "at_most": 1})
    against_shuffles: bool = False

    def __post_init__(self) -> None:
        if self.labelled < 1 and not self.teachers:
            raise ValueError(
                f"labelled: found {self.labelled:g} but no teachers, want 1; name teachers, or learn from a "
                "share of the examples alone with trainer.train_fraction"
            )
        if self.against_shuffles and self.teachers:
            raise ValueError(
                "against_shuffles, teachers: found both, want one of them; no teacher is asked where "
                "no label is read"
            )
