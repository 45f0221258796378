"""Typed options of augmentation; they are checked before anything heavy is imported."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """There is none: a molecule is shown as it is."""
