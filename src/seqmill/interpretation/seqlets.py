"""Short stretches of windows that contribute more than chance would let them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

CORE = 8
"""Bases whose contributions are added up."""

WIDTH = 24
"""Bases of a seqlet, its core in the middle."""

APART = 12
"""Bases between the beginnings of two cores, at least."""

RATE = 0.05
"""Share of the cores that may be chance."""

MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Seqlets:
    """Stretches of `WIDTH` bases, by descending magnitude of their score.

    Attributes
    ----------
    window, start : int64 array [n]
        Which window, and where in it the stretch begins; all of it lies inside.
    score : float64 array [n]
        Sum of the contributions of its core; negative where it lowers the output.
    dropped : int
        How many further ones were found: at the end of a window, or above the most that are used.
    """

    window: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.window)


def find_seqlets(
    of_bases: npt.NDArray[np.float32], chance: npt.NDArray[np.float32], *, most: int = MOST
) -> Seqlets:
    """Find cores that contribute more than those of shuffled windows.

    The threshold, one for positive and one for negative cores, is the lowest from which on shuffled windows
    have at most `RATE` as many places with such a core. Cores lie `APART`, and the strongest are taken first.

    Parameters
    ----------
    of_bases : float32 array [n, length]
        Contribution of each base.
    chance : float32 array [m, length]
        Contributions that the same model gives to the bases of shuffled windows.
    most : int
        How many seqlets are kept, those with the strongest cores.
    """
    sums, by_chance = _sums(of_bases), _sums(chance).ravel()
    share = sums.size / by_chance.size
    rows, places = [], []
    for sign in (1, -1):
        signed = sign * sums.ravel()
        above = np.flatnonzero(signed >= _threshold(signed, sign * by_chance, share))
        order = above[np.argsort(-signed[above], kind="stable")]
        window, place = np.unravel_index(order, sums.shape)
        free = _apart(window, place, np.zeros(sums.shape, np.bool_))
        rows.append(window[free])
        places.append(place[free])
    window, place = np.concatenate(rows), np.concatenate(places)
    score = sums[window, place]
    start = place - (WIDTH - CORE) // 2
    inside = (start >= 0) & (start + WIDTH <= of_bases.shape[1])
    order = np.flatnonzero(inside)[np.argsort(-np.abs(score[inside]), kind="stable")][:most]
    return Seqlets(
        window=window[order], start=start[order], score=score[order], dropped=len(window) - len(order)
    )


def _sums(of_bases: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.lib.stride_tricks.sliding_window_view(of_bases, CORE, axis=1).sum(axis=2, dtype=np.float64)


def _threshold(found: npt.NDArray[np.float64], chance: npt.NDArray[np.float64], share: float) -> float:
    """Give the positive score from which on chance gives at most `RATE` as many places, infinity if none.

    `share` is how many places were looked at for each place of chance.
    """
    scores = np.sort(found[found > 0])
    above = len(scores) - np.searchsorted(scores, scores, side="left")
    by_chance = share * (len(chance) - np.searchsorted(np.sort(chance), scores, side="left"))
    too_many = np.flatnonzero(by_chance > RATE * above)
    first = too_many[-1] + 1 if len(too_many) else 0
    return float(scores[first]) if first < len(scores) else np.inf


@njit(cache=True)
def _apart(window, place, taken):  # type: ignore[no-untyped-def]
    """Say which cores, in order, lie apart from those taken before; `taken` is bool [windows, places]."""
    free = np.zeros(window.size, np.bool_)
    for at in range(window.size):
        row, start = window[at], place[at]
        low, high = max(0, start - APART + 1), min(taken.shape[1], start + APART)
        if not taken[row, low:high].any():
            taken[row, start] = True
            free[at] = True
    return free
