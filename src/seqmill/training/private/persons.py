"""Whom each training example is about; nobody may stand behind several of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest
from seqmill.training.tables import training_columns

PROFILES = "profiles"
"""Name of the table whose rows are persons."""

Columns = dict[str, npt.NDArray[Any]]


def read_persons(manifest: Manifest, *, unit: str, fraction: float) -> Columns:
    """Read the training examples, a row for each person, in stored order.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    unit : str
        ``person``: a row of the table of profiles; ``group``: a group of the splits.
    fraction : float
        Share of the training examples that are learnt from.

    Returns
    -------
    dict
        Column -> values of all rows, without strings.

    Raises
    ------
    InputError
        When the examples are not about persons, somebody stands behind several of them, or they do not all
        weigh 1.
    """
    if PROFILES not in manifest.table_paths():
        raise InputError(
            f"{manifest.path}: privacy: examples of {manifest.encoding.application} found, rows about "
            "profiles wanted, one for each person: what protects a window of a genome does not protect the "
            "patient who gave thousands of them; train without, with privacy=none"
        )
    read = training_columns(manifest, fraction, further=["group"])
    _check(manifest, read, unit)
    del read["group"]
    return read


def _check(manifest: Manifest, rows: Mapping[str, npt.NDArray[Any]], unit: str) -> None:
    if (rows["profile"] < 0).any():
        raise InputError(
            f"{manifest.path}: privacy: {int((rows['profile'] < 0).sum())} training rows about no profile "
            "found, a person behind each row wanted; name the column 'profile' of the rows in the plan of "
            "profiles"
        )
    if not (rows["weight"] == 1).all():
        raise InputError(
            f"{manifest.path}: privacy: training rows of other weights than 1 found, which would let a "
            "person count more than the clipping allows; give all of them the same"
        )
    units = ("person",) if unit == "person" else ("person", "group")
    for one in units:
        which = rows["profile" if one == "person" else "group"]
        count = np.unique(which, return_counts=True)[1]
        if (most := int(count.max())) > 1:
            raise InputError(
                f"{manifest.path}: privacy: {len(count)} {one}s behind {len(which)} training rows found, up "
                f"to {most} rows of one, while one row for each {one} is wanted: else the guarantee would "
                f"not hold for a {one}; keep one row of each, or train without, with privacy=none"
            )
