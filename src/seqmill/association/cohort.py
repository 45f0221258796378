"""The people, the trait and the features of a test, out of what ``seqmill profiles`` wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.association.null import Values
from seqmill.errors import InputError, nearest
from seqmill.profiles.index import ProfileIndex
from seqmill.profiles.rows import LABEL, read_written
from seqmill.profiles.table import Block
from seqmill.profiles.within import rows_within

UNLABELLED, NO_COVARIATE, OTHER_FOLD, NO_PROFILE = "no_label", "no_covariate", "other_fold", "no_profile"
"""Why a row is left out of a test."""


@dataclass(frozen=True)
class Cohort:
    """What is tested.

    Attributes
    ----------
    ids : tuple of str
        The n people.
    trait : float64 array, shape (n,)
    covariates : float64 array, shape (n, C)
    covariate_names : tuple of str
    block : Block
        Features of the n people.
    dropped : dict
        Reason -> rows left out.
    ancestry : Block, optional
        Dosages of the n people that components are made of.
    """

    ids: tuple[str, ...]
    trait: Values
    covariates: Values
    covariate_names: tuple[str, ...]
    block: Block
    dropped: dict[str, int]
    ancestry: Block | None = None


def read_cohort(
    index: Path,
    *,
    sample: str,
    label: str,
    block: str,
    covariates: Sequence[str] = (),
    folds: Sequence[str] = (),
    ancestry: str | None = None,
) -> Cohort:
    """Read what is tested; a person stands in one row.

    Parameters
    ----------
    index : Path
        ``profiles.json``.
    sample, label, block : str
        Rows, their trait, and the features of the profiles.
    covariates : sequence of str
        Blocks of the profiles; a person who lacks one of their values is left out.
    folds : sequence of str
        Folds to test, such as ``person_3``; all unless given.
    ancestry : str, optional
        Block of dosages that components are made of.

    Raises
    ------
    InputError
        When a name is unknown, nobody is left, or a person stands in several rows.
    """
    opened = ProfileIndex(index)
    table = opened.read_profiles()
    path = index.parent / f"{sample}.rows.parquet"
    rows = read_written(path)
    column = f"{LABEL}{label}"
    if column not in rows.schema.names:
        labels = [name.removeprefix(LABEL) for name in rows.schema.names if name.startswith(LABEL)]
        raise InputError(f"{path}: no label '{label}'{nearest(label, labels)}; it has {', '.join(labels)}")
    tested = table.block(block, where=index)
    fitted = [table.block(name, where=index) for name in covariates]
    placing = table.block(ancestry, where=index) if ancestry else None
    trait = rows[column].to_numpy().astype(np.float64)
    at = rows["profile"].to_numpy()
    keep, dropped = np.ones(len(at), bool), {}
    _leave(keep, at < 0, NO_PROFILE, dropped)
    _leave(keep, np.isnan(trait), UNLABELLED, dropped)
    if folds:
        _leave(keep, ~rows_within(rows, folds, opened.contigs), OTHER_FOLD, dropped)
    values, names, known = _covariates(fitted, len(table.ids))
    _leave(keep, ~known[at], NO_COVARIATE, dropped)
    kept = at[keep]
    if len(set(kept.tolist())) < len(kept):
        raise InputError(f"{path}: people stand in several rows; a test of people needs one row for each")
    if not len(kept):
        told = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in dropped.items())
        raise InputError(f"{path}: nobody is left to test ({told})")
    return Cohort(
        ids=tuple(table.ids[one] for one in kept),
        trait=trait[keep],
        covariates=values[kept],
        covariate_names=names,
        block=tested.subset(kept),
        dropped={reason: count for reason, count in dropped.items() if count},
        ancestry=placing.subset(kept) if placing else None,
    )


def filled(block: Block) -> Values:
    """Give features as float64 [n, F], missing ones the mean of those that are there."""
    values = np.where(block.mask, block.values, 0).astype(np.float64)
    means = values.sum(axis=0) / np.maximum(block.mask.sum(axis=0), 1)
    return np.where(block.mask, values, means)


def _covariates(
    blocks: Sequence[Block], people: int
) -> tuple[Values, tuple[str, ...], npt.NDArray[np.bool_]]:
    """Give the features of blocks side by side, float64 [people, C], their names, and who has all of them."""
    values, told = np.zeros((people, 0)), []
    known = np.ones(people, bool)
    for block in blocks:
        values = np.column_stack([values, block.values.astype(np.float64)])
        known &= block.mask.all(axis=1)
        told += block.features
    return values, tuple(told), known


def _leave(
    keep: npt.NDArray[np.bool_], out: npt.NDArray[np.bool_], reason: str, dropped: dict[str, int]
) -> None:
    dropped[reason] = int((keep & out).sum())
    keep &= ~out
