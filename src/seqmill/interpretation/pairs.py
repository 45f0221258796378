"""Windows with and without a change, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS, codes_of, reverse_complement
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Window
from seqmill.interpretation.alleles import Change
from seqmill.interpretation.regions import MOST_UNKNOWN

OVER_END = "over_contig_end"
TOO_LONG = "longer_than_half_window"
UNKNOWN = "unknown_bases"

MOVES = (0, -2, -1, 1, 2)
"""Eighths of a window by which the window is moved off the change."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two windows [length] of the same stretch, without and with a change.

    ``move`` is how many eighths of the window its middle lies to the right of the change's.
    """

    move: int
    reference: npt.NDArray[np.uint8]
    alternative: npt.NDArray[np.uint8]

    def turned(self) -> "Pair":
        """Give the reverse complement of both."""
        return Pair(-self.move, reverse_complement(self.reference), reverse_complement(self.alternative))


def pairs_of(
    change: Change, reference: Reference, length: int, *, moves: Sequence[int] = MOVES
) -> list[Pair] | str:
    """Give the windows that tell what a change does, or why there are none.

    Each place of the window gives two pairs: in the first the bases left of the change stand at the same
    places in both windows, in the second those right of it. Taken together they are the same for the reverse
    complement of everything, and for the two alleles exchanged. Where a moved window leaves the contig it is
    left out; the first place, with the change in the middle, has to be there.

    Parameters
    ----------
    change : Change
        As `seqmill.interpretation.alleles.justified` gives it.
    reference : Reference
        Its genome.
    length : int
        Bases of a window.
    moves : sequence of int
        Eighths of a window by which it is moved off the change, 0 first.

    Returns
    -------
    list of Pair, or str
        Pairs, the middle place first; or `OVER_END`, `TOO_LONG` or `UNKNOWN`.
    """
    longest = max(change.end - change.start, len(change.bases))
    if 2 * longest > length:
        return TOO_LONG
    around = _Around(change, reference, length)
    found = []
    for move in moves:
        flank, shift = (length - longest) // 2, round(move * length / 8)
        pairs = [around.fixed_left(move, flank - shift), around.fixed_right(move, flank + shift)]
        if move and any(isinstance(pair, str) for pair in pairs):
            continue
        if reason := next((pair for pair in pairs if isinstance(pair, str)), None):
            return reason
        found += [pair for pair in pairs if isinstance(pair, Pair)]
    return found


def pairs_in(change: Change, place: Window, reference: Reference) -> list[Pair] | str:
    """Give the windows of a place without and with a change inside it, or why there are none.

    The middle of the window stays where it is: bases on the side of the change that looks to the middle keep
    their places. Where a change lies over the middle, once those left of it do and once those right of it.
    Windows are read on the strand of the place.
    """
    length = place.end - place.start
    around = _Around(change, reference, length)
    middle = place.start + length // 2
    ahead, behind = change.start >= middle, change.end <= middle
    found = []
    if ahead or not behind:
        found.append(around.fixed_left(0, change.start - place.start))
    if behind or not ahead:
        found.append(around.fixed_right(0, place.end - change.end))
    if reason := next((pair for pair in found if isinstance(pair, str)), None):
        return reason
    pairs = [pair for pair in found if isinstance(pair, Pair)]
    return [pair.turned() for pair in pairs] if place.strand == "-" else pairs


class _Around:
    """A change with its alleles and the bases on either side of it, as codes."""

    def __init__(self, change: Change, reference: Reference, length: int) -> None:
        end = reference.contigs[change.contig]
        self._left = reference.codes(change.contig, max(0, change.start - length), change.start)
        self._right = reference.codes(change.contig, change.end, min(end, change.end + length))
        self._length = length
        self.alleles = (reference.codes(change.contig, change.start, change.end), codes_of(change.bases))

    def fixed_left(self, move: int, before: int) -> Pair | str:
        """Give the windows with so many bases left of either allele, or why there are none."""
        return self._pair(move, (before, before))

    def fixed_right(self, move: int, after: int) -> Pair | str:
        """Give the windows with so many bases right of either allele, or why there are none."""
        end = self._length - after
        return self._pair(move, [end - len(one) for one in self.alleles])

    def _pair(self, move: int, before: Sequence[int]) -> Pair | str:
        if (self.alleles[1] == AMBIGUOUS).any():
            return UNKNOWN
        windows = []
        for allele, left in zip(self.alleles, before, strict=True):
            right = self._length - left - len(allele)
            if left < 0 or right < 0:
                return TOO_LONG
            if left > len(self._left) or right > len(self._right):
                return OVER_END
            windows.append(
                np.concatenate([self._left[len(self._left) - left :], allele, self._right[:right]])
            )
        if not move and max(np.mean(one == AMBIGUOUS) for one in windows) > MOST_UNKNOWN:
            return UNKNOWN
        return Pair(move, *windows)
