"""Typed options of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training; nothing unless asked for.

    Attributes
    ----------
    shift : int
        Most bases that a sequence is moved to either side; what comes in is unknown.
    mutations : float
        Share of bases that are changed to another one.
    mixup : float
        Parameter of the beta distribution by which pairs of examples are mixed; 0 mixes none.
    """

    shift: int = field(default=0, metadata={"at_least": 0})
    mutations: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    mixup: float = field(default=0.0, metadata={"at_least": 0})
