"""A share of a split: the same examples for every run, chosen by what they are."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest, Shard
from seqmill.shards.order import order_key
from seqmill.shards.row_groups import RowGroups

_SEED = 0x5EED0FF2AC7104

Mask = npt.NDArray[np.bool_]


def in_fraction(ids: npt.NDArray[np.uint64], fraction: float) -> Mask:
    """Say which examples belong to a share of all: those whose hash lies below it.

    A pure function of each id, so a smaller share is a part of every larger one.

    Parameters
    ----------
    ids : uint64 array [n]
        Example ids.
    fraction : float
        The share, in (0, 1].
    """
    return order_key(_SEED, ids) <= np.uint64(min(int(fraction * 2.0**64), 2**64 - 1))


class Fraction:
    """The row groups of a split that hold examples of a share, and which rows those are.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    split : str
        The split.
    fraction : float
        The share, in (0, 1]; the column ``example_id`` is read where it is below 1.

    Attributes
    ----------
    groups : list of (Shard, int)
        The row groups in stored order.
    rows : int64 array [groups]
        Examples of the share in each.

    Raises
    ------
    InputError
        When there is no such split, a shard is damaged, or no example belongs to the share.
    """

    def __init__(self, manifest: Manifest, split: str, fraction: float) -> None:
        groups = [
            (shard, group) for shard in manifest.shards_of(split) for group in range(len(shard.row_groups))
        ]
        self._masks: list[Mask] | None = None
        if fraction < 1:
            masks = _masks(manifest, groups, fraction)
            held = [index for index, mask in enumerate(masks) if mask.any()]
            if not held:
                raise InputError(
                    f"{manifest.path}: a share of {fraction:g} of the {manifest.rows(split)} examples of "
                    f"'{split}' holds none; raise trainer.train_fraction"
                )
            groups, self._masks = [groups[index] for index in held], [masks[index] for index in held]
        self.groups: list[tuple[Shard, int]] = groups
        counts = [shard.row_groups[group] for shard, group in groups]
        if self._masks is not None:
            counts = [int(mask.sum()) for mask in self._masks]
        self.rows = np.array(counts, np.int64)

    def of(self, index: int, table: pa.Table) -> pa.Table:
        """Give the rows of one of the row groups that belong to the share."""
        return table if self._masks is None else table.filter(pa.array(self._masks[index]))


def _masks(manifest: Manifest, groups: list[tuple[Shard, int]], fraction: float) -> list[Mask]:
    files = RowGroups(manifest, ["example_id"])
    masks: list[Mask] = []
    for shard, group in groups:
        files.read(
            shard, group, lambda table: masks.append(in_fraction(table["example_id"].to_numpy(), fraction))
        )
    return masks
