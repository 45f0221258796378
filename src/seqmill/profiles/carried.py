"""Sums and maxima over the alleles that people carry, by feature."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.profiles.dosages import MISSING
from seqmill.profiles.table import Block


class Member(NamedTuple):
    """An allele of a feature: its column of the dosages, and what a copy counts."""

    column: int
    value: float


def aggregate(
    dosages: npt.NDArray[np.int8],
    members: Mapping[str, Sequence[Member]],
    *,
    how: str,
    min_called: float,
) -> Block:
    """Make a feature of each group of alleles, float32 [n, F].

    Parameters
    ----------
    dosages : np.ndarray, int8, shape (n, S)
        Copies; a missing call is `MISSING`, and counts nothing.
    members : mapping
        Feature -> its alleles; one without any is 0 for everybody.
    how : str
        ``sum`` of values times copies, or ``max_abs``, the largest absolute value of a carried allele.
    min_called : float
        Share of the alleles of a feature at which a person has to have a call; else it is missing.
    """
    shape = (len(dosages), len(members))
    values, mask = np.zeros(shape, np.float32), np.ones(shape, bool)
    called = dosages != MISSING
    copies = np.where(called, dosages, 0)
    for number, held in enumerate(members.values()):
        if not held:
            continue
        columns = [one.column for one in held]
        counts = np.array([one.value for one in held])
        if how == "sum":
            values[:, number] = copies[:, columns] @ counts
        else:
            values[:, number] = ((copies[:, columns] > 0) * np.abs(counts)).max(axis=1)
        mask[:, number] = called[:, columns].mean(axis=1) >= min_called
    return Block(tuple(members), values, mask)
