"""How much each base of a window adds to what a model says of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS
from seqmill.interpretation.sequences import Codes


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """Contributions to one output of a model.

    Attributes
    ----------
    codes : uint8 array [n, length]
        The windows.
    hypothetical : float32 array [n, 4, length]
        What each base would add at a position, all else being the same.
    predicted : float64 array [n]
        What the model says of the windows.
    expected : float64 array [n]
        What it says of their baselines, on average; NaN where the method has none.
    """

    codes: Codes
    hypothetical: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.float64]
    expected: npt.NDArray[np.float64]

    @property
    def of_bases(self) -> npt.NDArray[np.float32]:
        """Contributions of the bases that are there, float32 [n, length]; 0 where there is none."""
        known = self.codes != AMBIGUOUS
        places = np.where(known, self.codes, 0)[:, None, :]
        return np.where(known, np.take_along_axis(self.hypothetical, places, axis=1)[:, 0], np.float32(0))

    @property
    def incompleteness(self) -> float:
        """Root mean square of what contributions do not explain, over that of prediction minus expectation.

        Contributions of a window should add up to its prediction minus the expectation (Sundararajan, Taly
        and Yan, ICML 2017); NaN where the method promises no such sum.
        """
        wanted = self.predicted - self.expected
        missed = self.of_bases.sum(axis=1, dtype=np.float64) - wanted
        scale = float(np.sqrt(np.mean(wanted**2)))
        return float(np.sqrt(np.mean(missed**2))) / scale if scale else 0.0
