"""Strata of examples by how much of their profile is missing."""

import numpy as np
import numpy.typing as npt

from seqmill.applications.scoring import ScoreJob
from seqmill.profiles.table import read_table

EDGES = (0.0, 0.05, 0.2, 0.5)
"""Shares of missing values up to which a stratum goes; the last one goes on to 1."""

NAMES = ("none", "up to 5 %", "5 to 20 %", "20 to 50 %", "above 50 %")


def missing_strata(job: ScoreJob) -> npt.NDArray[np.object_] | None:
    """Give the stratum of each example by the share of its profile's values that is missing, [n].

    An example without a profile has an empty one. Where all are of one stratum, or there are no profiles,
    there is nothing to tell apart, and None is given.
    """
    if "profiles" not in job.tables:
        return None
    blocks = read_table(job.tables["profiles"]).blocks.values()
    share = 1 - np.concatenate([block.mask for block in blocks], axis=1).mean(1)
    of_profile = np.array([*(NAMES[at] for at in np.searchsorted(EDGES, share)), ""], object)
    strata = of_profile[job.examples["profile"].to_numpy()]
    return strata if len(set(strata)) > 1 else None
