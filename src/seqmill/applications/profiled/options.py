"""Typed options that applications share; they are checked before anything heavy is imported."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is hidden at random in training.

    Attributes
    ----------
    modality_dropout : float
        Share of whole blocks of a profile, such as its expression, that are taken for missing.
    """

    modality_dropout: float = field(default=0.0, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class ComponentOptions:
    """Components of ancestry that are inputs beside the blocks of a profile.

    Attributes
    ----------
    block : str
        Block of int8 dosages that they are made of.
    count : int
        How many; 0 for none.
    """

    block: str = "dosage"
    count: int = field(default=0, metadata={"at_least": 0})
