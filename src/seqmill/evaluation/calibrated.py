"""What was fitted on validation data and travels with a checkpoint: temperature and thresholds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from seqmill.applications.scoring import OperatingPoint, OperatingPoints
from seqmill.errors import InputError
from seqmill.files import read_json, write_json
from seqmill.origin import Node, stamped

CALIBRATION = "calibration.json"
"""Name of the file beside the checkpoint."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Temperature and thresholds of one model.

    Attributes
    ----------
    temperature : float
        Logits are divided by it before the softmax.
    points : OperatingPoints
        From which quality a call counts, by kind and coverage.
    dataset, encoding : str
        Digests of the dataset whose validation split was used, and of its encoding.
    seed : int
        Seed of the dataset, with which examples choose among reads.
    """

    temperature: float
    points: OperatingPoints
    dataset: str
    encoding: str
    seed: int

    def write(self, path: Path, *, parents: Sequence[Node] = ()) -> None:
        """Write the file, atomically; `parents` are what it was fitted on."""
        content = {
            "temperature": self.temperature,
            "points": [asdict(point) for point in self.points.points],
            "dataset_digest": self.dataset,
            "encoding_digest": self.encoding,
            "seed": self.seed,
        }
        write_json(path, stamped(content, kind="calibration", parents=parents))

    @classmethod
    def beside(cls, checkpoint: Path, *, encoding: str) -> "Calibration":
        """Read the file beside a checkpoint.

        Raises
        ------
        InputError
            When there is none, or it belongs to another encoding.
        """
        path = checkpoint.with_name(CALIBRATION)
        if not path.is_file():
            raise InputError(
                f"{path}: no such file; evaluate the run first ('seqmill evaluate --run'), which fits the "
                "temperature and the thresholds that predictions need"
            )
        content = read_json(path)
        if content["encoding_digest"] != encoding:
            raise InputError(
                f"{path}: fitted for encoding {content['encoding_digest']}, {encoding} wanted by "
                f"{checkpoint}; evaluate the run again"
            )
        return cls(
            temperature=content["temperature"],
            points=OperatingPoints(OperatingPoint(**point) for point in content["points"]),
            dataset=content["dataset_digest"],
            encoding=content["encoding_digest"],
            seed=content["seed"],
        )


def log_probabilities(scores: npt.NDArray[Any], temperature: float) -> npt.NDArray[np.float64]:
    """Give the natural logarithm of the calibrated probabilities, shape (n, classes)."""
    return log_softmax(np.asarray(scores, np.float64) / temperature, axis=1)
