"""Typed options of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training, and averaged over in prediction; nothing unless asked for.

    Attributes
    ----------
    shift : int
        Most bases that a sequence is moved to either side; what comes in is unknown.
    mutations : float
        Share of bases that are changed to another one.
    mixup : float
        Parameter of the beta distribution by which pairs of examples are mixed; 0 mixes none.
    averaged : int
        Predictions are a mean over the sequence moved by up to so many bases to either side. Half the bases
        of a bin take in every way in which a sequence can fall into bins.
    """

    shift: int = field(default=0, metadata={"at_least": 0})
    mutations: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    mixup: float = field(default=0.0, metadata={"at_least": 0})
    averaged: int = field(default=0, metadata={"at_least": 0})
