"""What is changed at random in training: nothing, for a site has a place and a strand."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """No options: a window that is moved is that of another site, and one turned that of the other strand."""
