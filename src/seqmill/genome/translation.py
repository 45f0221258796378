"""Codons and what they stand for, by the standard genetic code (NCBI translation table 1)."""

import numpy as np
import numpy.typing as npt

STOP, UNKNOWN = ord("*"), ord("X")
"""What a stop codon, and a codon with a base that is not known, are translated to."""

START = ord("M")

_AMINO_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"  # bases in the order TCAG
_ORDER = "TCAG"
_PLACES = [_ORDER.index(base) for base in "ACGT"]
_TABLE = np.full((5, 5, 5), UNKNOWN, np.uint8)
_TABLE[:4, :4, :4] = np.frombuffer(_AMINO_ACIDS.encode(), np.uint8).reshape(4, 4, 4)[
    np.ix_(_PLACES, _PLACES, _PLACES)
]


def translate(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Translate bases, stops and what follows them included.

    Parameters
    ----------
    codes : np.ndarray, uint8, shape (n,)
        A 0, C 1, G 2, T 3, else 4, in the direction of translation; up to two bases at the end are left out.

    Returns
    -------
    np.ndarray, uint8, shape (n // 3,)
        Letters of amino acids as ASCII, `STOP` and `UNKNOWN` among them.
    """
    whole = codes[: len(codes) // 3 * 3].reshape(-1, 3)
    return _TABLE[whole[:, 0], whole[:, 1], whole[:, 2]]


def first_stop(protein: npt.NDArray[np.uint8]) -> int:
    """Give the place of the first stop; the length where there is none."""
    stops = np.flatnonzero(protein == STOP)
    return int(stops[0]) if len(stops) else len(protein)
