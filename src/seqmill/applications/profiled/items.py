"""What scored items of all applications on profiles and molecules have."""

import numpy as np
import numpy.typing as npt

from seqmill.applications.scoring import ScoreJob
from seqmill.shards.order import example_id


def blocks_of(job: ScoreJob) -> npt.NDArray[np.uint64]:
    """Give the block of each example, uint64 [n]: those of one group of the splits are drawn together."""
    groups = {name: example_id(name) for name in job.examples["group"].unique()}
    return job.examples["group"].map(groups).to_numpy(np.uint64)
