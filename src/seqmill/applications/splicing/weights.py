"""Weight arrays of sites: how much more often a base stands at a place of a site than at one of other bases.

Source of the method: Zhang & Marr (1993), "A weight array method for splicing signal analysis"; of order 0 it
is the position weight matrix of Staden (1984).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.applications.splicing.labels import NONE
from seqmill.genome.bases import AMBIGUOUS

BESIDE = 21
"""Bases on either side of a site that are read."""

_PSEUDO = 1.0
_TOGETHER = 1 << 14

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weights:
    """Log-odds of words, float64 (places, words); a word is a base with `order` bases before it.

    A word whose last base is not known has 0: it tells nothing.
    """

    odds: npt.NDArray[np.float64]
    order: int
    beside: int


def fit(sequence: Bytes, sites: Bytes, code: int, *, order: int, beside: int, flank: int) -> Weights | None:
    """Count words around the sites of a class and around bases that are none.

    Parameters
    ----------
    sequence, sites : uint8 array, shape (n, width) and (n, span)
        Base codes, and labels of the bases from `flank` on.
    code : int
        The class.
    order, beside, flank : int
        Bases before a base that it is known by; bases on either side of a site that are read; stored bases
        before the first label.

    Returns
    -------
    Weights or None
        None where the class has no site.
    """
    if not (sites == code).any():
        return None
    held, others = (
        _log_chances(_counts(sequence, sites == wanted, order=order, beside=beside, flank=flank))
        for wanted in (code, NONE)
    )
    return Weights(_without_unknown(held - others), order, beside)


def score_bases(
    sequence: Bytes, weights: Weights | None, *, flank: int, span: int
) -> npt.NDArray[np.float32]:
    """Give the log-odds of each base of the span, float32 (n, span); equal ones without weights."""
    found = np.zeros((len(sequence), span), np.float32)
    if weights is None:
        return found
    places = np.arange(len(weights.odds))
    step = max(1, _TOGETHER // span)
    for at in range(0, len(sequence), step):
        words = _around(sequence[at : at + step], weights.order, weights.beside, flank, span)
        found[at : at + step] = weights.odds[places, words].sum(axis=2)
    return found


def _counts(
    sequence: Bytes, chosen: npt.NDArray[np.bool_], *, order: int, beside: int, flank: int
) -> npt.NDArray[np.float64]:
    """Count the words at each place around the chosen bases, float64 (places, 5 ** (order + 1))."""
    places, words = 2 * beside + 1, 5 ** (order + 1)
    counted = np.zeros((places, words))
    span = chosen.shape[1]
    step = max(1, _TOGETHER // span)
    for at in range(0, len(sequence), step):
        part = chosen[at : at + step]
        around = _around(sequence[at : at + step], order, beside, flank, span)[part]
        for place in range(places):
            counted[place] += np.bincount(around[:, place], minlength=words)
    return counted


def _around(sequence: Bytes, order: int, beside: int, flank: int, span: int) -> Words:
    """Give the words around each base of the span, int64 (n, span, places)."""
    missing = max(0, order + beside - flank)
    padded = np.pad(sequence, ((0, 0), (missing, 0)), constant_values=AMBIGUOUS).astype(np.int64)
    first = flank + missing - beside
    width = span + 2 * beside
    words = np.zeros((len(sequence), width), np.int64)
    for back in range(order, -1, -1):
        words = 5 * words + padded[:, first - back : first - back + width]
    return np.lib.stride_tricks.sliding_window_view(words, 2 * beside + 1, axis=1)


def _log_chances(counted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the logarithm of each base's chance after the bases before it."""
    shaped = counted.reshape(len(counted), -1, 5).copy()
    shaped[..., :AMBIGUOUS] += _PSEUDO
    known = shaped[..., :AMBIGUOUS].sum(axis=2, keepdims=True)
    shaped[..., AMBIGUOUS] = 1.0
    return np.log(shaped / known).reshape(len(counted), -1)


def _without_unknown(odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Set words whose last base is not known to 0."""
    shaped = odds.reshape(len(odds), -1, 5).copy()
    shaped[..., AMBIGUOUS] = 0.0
    return shaped.reshape(len(odds), -1)
