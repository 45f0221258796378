"""Windows with and without a change, side by side."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS, codes_of
from seqmill.genome.reference import Reference
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


def pairs_of(change: Change, reference: Reference, length: int) -> list[Pair] | str:
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

    Returns
    -------
    list of Pair, or str
        Pairs, the middle place first; or `OVER_END`, `TOO_LONG` or `UNKNOWN`.
    """
    replaced, held = change.end - change.start, len(change.bases)
    longest = max(replaced, held)
    if 2 * longest > length:
        return TOO_LONG
    contig_length = reference.contigs[change.contig]
    first, last = max(0, change.start - length), min(contig_length, change.end + length)
    left = reference.codes(change.contig, first, change.start)
    right = reference.codes(change.contig, change.end, last)
    alleles = [reference.codes(change.contig, change.start, change.end), codes_of(change.bases)]
    if (alleles[1] == AMBIGUOUS).any():
        return UNKNOWN
    found = []
    for move in MOVES:
        shift = round(move * length / 8)
        flank = (length - longest) // 2
        fixed_left = [_window(left, one, right, flank - shift, length) for one in alleles]
        fixed_right = [
            _window(left, one, right, length - len(one) - flank - shift, length) for one in alleles
        ]
        both = [*fixed_left, *fixed_right]
        if any(one is None for one in both):
            if not move:
                return OVER_END
            continue
        if not move and max(np.mean(one == AMBIGUOUS) for one in both) > MOST_UNKNOWN:  # type: ignore[operator]
            return UNKNOWN
        found += [Pair(move, *fixed_left), Pair(move, *fixed_right)]  # type: ignore[arg-type]
    return found


def _window(
    left: npt.NDArray[np.uint8],
    allele: npt.NDArray[np.uint8],
    right: npt.NDArray[np.uint8],
    before: int,
    length: int,
) -> npt.NDArray[np.uint8] | None:
    """Give the window with `before` bases left of an allele, None where the contig ends inside."""
    after = length - before - len(allele)
    if before > len(left) or after > len(right):
        return None
    return np.concatenate([left[len(left) - before :], allele, right[:after]])
