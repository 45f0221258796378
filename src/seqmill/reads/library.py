"""Which strand of the genome an RNA fragment came from, by the protocol of its library."""

import numpy as np

from seqmill.errors import InputError, nearest

LIBRARIES = ("unstranded", "forward", "reverse")
"""Whether the first read of a fragment tells nothing of the transcript's strand, lies on it, or on the other
(dUTP protocols); htseq-count calls them no, yes and reverse."""

_REVERSE, _SECOND = 0x10, 0x80


def check_library(library: str | None) -> None:
    """Check the name of a library; None means that it is not known.

    Raises
    ------
    InputError
        For a name that is none of `LIBRARIES`.
    """
    if library is not None and library not in LIBRARIES:
        raise InputError(
            f"library: found '{library}'{nearest(library, LIBRARIES)}, wanted one of {', '.join(LIBRARIES)}"
        )


def library_strands(flags: np.ndarray, library: str) -> np.ndarray:
    """Give the strand of the transcript for SAM flags (uint16): int8, 1 forward, -1 reverse, 0 not told."""
    if library == "unstranded":
        return np.zeros(len(flags), np.int8)
    against = ((flags & _REVERSE) != 0) ^ ((flags & _SECOND) != 0) ^ (library == "reverse")
    return np.where(against, -1, 1).astype(np.int8)
