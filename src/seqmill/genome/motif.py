"""A sequence motif: which base stands where, and how often."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import sequence_of


@dataclass(frozen=True, kw_only=True)
class Motif:
    """Probabilities of the bases at each position.

    Attributes
    ----------
    name : str
        Name without blanks.
    probabilities : float64 array [width, 4]
        In the order A, C, G, T; each row adds up to 1.
    sites : int
        How many sites it was made from.
    """

    name: str
    probabilities: npt.NDArray[np.float64]
    sites: int = 20

    @property
    def width(self) -> int:
        """Number of positions."""
        return len(self.probabilities)

    @property
    def consensus(self) -> npt.NDArray[np.uint8]:
        """Codes of the most frequent base at each position."""
        return self.probabilities.argmax(axis=1).astype(np.uint8)

    @property
    def text(self) -> str:
        """The consensus as text."""
        return sequence_of(self.consensus)

    @property
    def information(self) -> npt.NDArray[np.float64]:
        """Information of each position in bits, 0 to 2."""
        p = np.maximum(self.probabilities, 1e-12)
        return 2 + (p * np.log2(p)).sum(axis=1)

    def reversed(self) -> npt.NDArray[np.float64]:
        """Give the probabilities of the other strand."""
        return self.probabilities[::-1, ::-1]
