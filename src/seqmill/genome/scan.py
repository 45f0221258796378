"""Where a motif stands in windows: log-odds on both strands, with exact p-values."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.motif import Motif

Codes = npt.NDArray[np.uint8]
"""Windows as codes [n, length]: A 0, C 1, G 2, T 3, no base 4."""

P = 1e-4
"""Chance, at one place of the background, of what counts as an instance."""

_UNITS = 100
_PSEUDO = 1.0
_IMPOSSIBLE = -(1 << 40)  # below any score


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Instances of one motif in windows, by window and start.

    Attributes
    ----------
    window, start : int64 array [n]
        Which window, and where in it the instance begins, 0-based.
    forward : bool array [n]
        Whether it stands on the strand of the window.
    score, p : float64 array [n]
        Log-odds in bits, and the chance of such a score at one place of one strand of the background.
    """

    window: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    forward: npt.NDArray[np.bool_]
    score: npt.NDArray[np.float64]
    p: npt.NDArray[np.float64]


def base_shares(codes: Codes, *, both_strands: bool = True) -> npt.NDArray[np.float64]:
    """Give the share of A, C, G and T, at least one in a thousand; alike on both strands if these are one."""
    counts = np.bincount(codes.ravel(), minlength=AMBIGUOUS + 1)[:AMBIGUOUS].astype(np.float64)
    if both_strands:
        counts += counts[::-1]
    shares = np.maximum(counts / max(counts.sum(), 1), 1e-3)
    return shares / shares.sum()


def log_odds(motif: Motif, background: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Give log2 odds of a motif in hundredths of a bit, [width, 4]; one site of background is added."""
    p = (motif.probabilities * motif.sites + background * _PSEUDO) / (motif.sites + _PSEUDO)
    return np.round(_UNITS * np.log2(p / background)).astype(np.int64)


def tail(odds: npt.NDArray[np.int64], background: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the chance of each score or a higher one, for scores from the lowest possible one upwards.

    The distribution is exact for bases drawn from the background (Staden, Comput. Appl. Biosci. 5, 1989).
    """
    chance = np.ones(1)
    for column in odds:
        moves = column - column.min()
        longer = np.zeros(len(chance) + int(moves.max()))
        for move, share in zip(moves, background, strict=True):
            longer[move : move + len(chance)] += share * chance
        chance = longer
    return chance[::-1].cumsum()[::-1]


def scan(
    codes: Codes,
    motif: Motif,
    background: npt.NDArray[np.float64],
    *,
    p: float = P,
    both_strands: bool = True,
) -> Hits:
    """Find a motif in windows [n, length]; of the two strands at one place the better one is told."""
    odds = log_odds(motif, background)
    lowest, chances = int(odds.min(axis=1).sum()), tail(odds, background)
    scores = _scores(codes, odds)
    forward = np.ones(scores.shape, np.bool_)
    if both_strands:
        other = _scores(codes, odds[::-1, ::-1])
        forward = scores >= other
        scores = np.maximum(scores, other)
    least = lowest + int(np.argmax(chances <= p)) if (chances <= p).any() else int(odds.max(axis=1).sum()) + 1
    window, start = np.nonzero(scores >= least)
    reached = scores[window, start]
    return Hits(
        window=window,
        start=start,
        forward=forward[window, start],
        score=reached / _UNITS,
        p=chances[reached - lowest],
    )


def best_scores(
    codes: Codes, motif: Motif, background: npt.NDArray[np.float64], *, both_strands: bool = True
) -> npt.NDArray[np.float64]:
    """Give the highest log-odds of a motif in each window, in bits, float64 [n].

    A window too short for the motif, or without a place where all bases are known, has minus infinity.
    """
    odds = log_odds(motif, background)
    best = np.full(len(codes), _IMPOSSIBLE)
    for matrix in (odds, odds[::-1, ::-1])[: 1 + both_strands]:
        best = np.maximum(best, _scores(codes, matrix).max(axis=1, initial=_IMPOSSIBLE))
    return np.where(best > _IMPOSSIBLE // 2, best / _UNITS, -np.inf)


def _scores(codes: Codes, odds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Score every place [n, length - width + 1]; below any score where a position has no base."""
    places = codes.shape[1] - len(odds) + 1
    held = np.concatenate([odds, np.full((len(odds), 1), _IMPOSSIBLE)], axis=1)
    scores = np.zeros((len(codes), max(0, places)), np.int64)
    for at in range(len(odds) if places > 0 else 0):
        scores += held[at][codes[:, at : at + places]]
    return scores
