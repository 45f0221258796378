"""Base modifications: the bases that carry them, and their codes in the tag MM."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A modification: the base it sits on, its letter in MM (empty where it has none), its ChEBI number."""

    base: str
    letter: str
    chebi: int


MARKS = {
    "5mC": Mark("C", "m", 27551),
    "5hmC": Mark("C", "h", 76792),
    "4mC": Mark("C", "", 21839),
    "6mA": Mark("A", "a", 28871),
}
"""Modifications by the names that the field uses."""
