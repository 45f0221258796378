"""Bases as small numbers: A 0, C 1, G 2, T 3, anything else 4."""

import numpy as np
import numpy.typing as npt

BASES = "ACGT"
"""Letters by their code."""

AMBIGUOUS = 4
"""Code of a position that is no base."""

_CODES = np.full(256, AMBIGUOUS, np.uint8)
_CODES[np.frombuffer(BASES.encode(), np.uint8)] = np.arange(4)
_LETTERS = np.frombuffer(f"{BASES}N".encode(), np.uint8)
_TURNED = str.maketrans("ACGTN", "TGCAN")
_COMPLEMENT = np.array([3, 2, 1, 0, AMBIGUOUS], np.uint8)


def codes_of(sequence: str) -> npt.NDArray[np.uint8]:
    """Give the codes of upper-case bases, uint8 [length]."""
    return _CODES[np.frombuffer(sequence.encode(), np.uint8)]


def sequence_of(codes: npt.NDArray[np.uint8]) -> str:
    """Give the bases of codes [length] as text, N where the code is 4."""
    return _LETTERS[codes].tobytes().decode()


def opposite_strand(sequence: str) -> str:
    """Give the reverse complement of upper-case bases as text; N stays, as does what is no base."""
    return sequence.translate(_TURNED)[::-1]


def reverse_complement(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Give the other strand of codes [..., length], read in its own direction."""
    return _COMPLEMENT[codes[..., ::-1]]
