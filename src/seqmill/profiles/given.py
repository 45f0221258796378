"""Tables that a user gives for a model: brought into the layout of the table that it was trained on."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from seqmill.errors import InputError, nearest
from seqmill.profiles.join import join_table
from seqmill.profiles.plan import load_profiles_plan
from seqmill.profiles.table import Block, Table, read_table

_SHOWN = 5
_PLANS = (".yaml", ".yml")


def given_table(path: Path, wanted: Table, *, name: str) -> Table:
    """Read a table of new rows, with the features of the one that a model was trained on, in its order.

    Parameters
    ----------
    path : Path
        A table that ``seqmill profiles`` wrote, or a plan that describes one.
    wanted : Table
        The table that the model was trained on.
    name : str
        ``profiles`` or ``molecules``: which table of the plan.

    Returns
    -------
    Table
        Further features and blocks are left out.

    Raises
    ------
    InputError
        When it cannot be read, an id stands twice, a block or a feature of it is missing, a block holds no
        value at all, or nothing is known of a row.
    """
    table = _read(path, name)
    if len(set(table.ids)) < len(table.ids):
        twice = next(one for one in table.ids if table.ids.count(one) > 1)
        raise InputError(f"{path}: '{twice}' stands in {table.ids.count(twice)} rows of {name}; keep one")
    blocks = {key: _aligned(path, key, table.blocks, block) for key, block in wanted.blocks.items()}
    known = np.any([block.mask.any(axis=1) for block in blocks.values()], axis=0)
    if not known.all():
        empty = [one for one, there in zip(table.ids, known, strict=True) if not there]
        raise InputError(
            f"{path}: nothing is known of {_listed(empty)}; leave out rows of {name} without any value"
        )
    return Table(table.ids, blocks, table.texts)


def _read(path: Path, name: str) -> Table:
    if path.suffix not in _PLANS:
        return read_table(path)
    plan = load_profiles_plan(path)
    if name not in plan.tables:
        raise InputError(f"{path}: describes no {name}; add the key '{name}', or give another plan or table")
    return join_table(plan.tables[name], name=name)[0]


def _aligned(path: Path, key: str, found: Mapping[str, Block], wanted: Block) -> Block:
    if key not in found:
        raise InputError(
            f"{path}: no block '{key}'{nearest(key, found)}, which the model was trained on; it has: "
            f"{', '.join(found)}"
        )
    block = found[key]
    at = {feature: column for column, feature in enumerate(block.features)}
    missing = [feature for feature in wanted.features if feature not in at]
    if missing:
        raise InputError(
            f"{path}: block '{key}' lacks {len(missing):,} of the {len(wanted.features):,} features that the "
            f"model was trained on: {_listed(missing)}; give them, empty where they were not measured"
        )
    if block.values.dtype != wanted.values.dtype:
        raise InputError(
            f"{path}: block '{key}' is {block.values.dtype}, want {wanted.values.dtype}, as in training"
        )
    if block.vocabulary != wanted.vocabulary:
        raise InputError(
            f"{path}: block '{key}' is written in {len(block.vocabulary)} tokens, want the "
            f"{len(wanted.vocabulary)} of training; make it by the source that made the one of training"
        )
    columns = [at[feature] for feature in wanted.features]
    if not block.mask[:, columns].any():
        raise InputError(
            f"{path}: block '{key}' holds no value at all of those that the model was trained on; correct "
            "the table, or use a model without this block"
        )
    return replace(
        block, features=wanted.features, values=block.values[:, columns], mask=block.mask[:, columns]
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
