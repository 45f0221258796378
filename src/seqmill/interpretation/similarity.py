"""How alike stretches and motifs are, at their best alignment."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SHIFT = 8
"""Most positions by which one stretch is moved against another."""


class Aligned(NamedTuple):
    """The best alignment of each row to each other one.

    ``cosine`` is float32 [n, m]; ``shift``, int8, says where in the row the other one begins, and ``turned``,
    bool, whether the other one was turned to its reverse complement first.
    """

    cosine: npt.NDArray[np.float32]
    shift: npt.NDArray[np.int8]
    turned: npt.NDArray[np.bool_]


def align(rows: npt.NDArray[np.float32], others: npt.NDArray[np.float32], *, both_strands: bool) -> Aligned:
    """Align stretches of one width to others by the cosine of their values.

    Parameters
    ----------
    rows, others : float32 array [n, 4, width], [m, 4, width]
        Values for each base; what leaves the width counts as zero.
    both_strands : bool
        Whether the other stretches may be turned.
    """
    flat = _unit(rows).reshape(len(rows), -1)
    best = Aligned(
        np.full((len(rows), len(others)), -1, np.float32),
        np.zeros((len(rows), len(others)), np.int8),
        np.zeros((len(rows), len(others)), np.bool_),
    )
    for turned in (False, True)[: 1 + both_strands]:
        strand = _unit(others[:, ::-1, ::-1] if turned else others)
        for shift, moved in _moved(strand):
            cosine = flat @ moved.reshape(len(others), -1).T
            better = cosine > best.cosine
            best.cosine[better] = cosine[better]
            best.shift[better] = shift
            best.turned[better] = turned
    return best


def _unit(stretches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    norm = np.sqrt((stretches**2).sum(axis=(1, 2), keepdims=True))
    return np.divide(stretches, norm, out=np.zeros_like(stretches), where=norm > 0)


def _moved(stretches: npt.NDArray[np.float32]) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Move stretches by 0, 1, -1, 2, -2, ... positions, so that the least move wins a tie."""
    width = stretches.shape[2]
    padded = np.pad(stretches, ((0, 0), (0, 0), (SHIFT, SHIFT)))
    for shift in sorted(range(-SHIFT, SHIFT + 1), key=abs):
        yield shift, padded[:, :, SHIFT - shift : SHIFT - shift + width]
