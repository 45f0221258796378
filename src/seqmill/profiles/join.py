"""Blocks and words of several files become one table."""

from dataclasses import replace

import numpy as np

from seqmill.errors import InputError
from seqmill.profiles.columns import cells_of
from seqmill.profiles.plan import TablePlan
from seqmill.profiles.sources import SOURCES, load_text
from seqmill.profiles.table import Block, Found, Table
from seqmill.typed import build

EMPTY = "all_missing"
"""Why a row is left out: none of its values is there."""


def join_table(plan: TablePlan, *, name: str) -> tuple[Table, dict[str, int]]:
    """Read a table.

    Parameters
    ----------
    plan : TablePlan
        What it is made of.
    name : str
        Its key in the plan, for messages.

    Returns
    -------
    table : Table
        A row for each id that any block has, except for those of which nothing is known.
    dropped : dict
        Reason -> rows left out; what the source of a block left out or cut is told with the block's name.

    Raises
    ------
    InputError
        When a file cannot be used, or a block holds no value at all.
    """
    found = {}
    for key, block in plan.blocks.items():
        source = SOURCES[block.source]
        options = build(source.options, block.options, path=f"{name}.blocks.{key}.options", problems=[])
        found[key] = source.load()(block, block.id or plan.id, options)
        if not found[key].block.mask.any():
            raise InputError(
                f"{block.path}: block '{key}' of {name} holds no value at all; correct the file, or leave "
                "the block out"
            )
    ids = sorted({one for each in found.values() for one in each.ids})
    blocks = {key: _aligned(each, ids) for key, each in found.items()}
    known = np.any([block.mask.any(axis=1) for block in blocks.values()], axis=0)
    kept = tuple(one for one, there in zip(ids, known, strict=True) if there)
    blocks = {
        key: replace(one, values=one.values[known], mask=one.mask[known]) for key, one in blocks.items()
    }
    texts = {key: _words(plan, key, kept) for key in plan.texts}
    dropped = {f"{key}.{why}": n for key, each in found.items() for why, n in each.dropped.items()}
    return Table(kept, blocks, texts), {EMPTY: int((~known).sum())} | dropped


def _aligned(found: Found, ids: list[str]) -> Block:
    at = {one: row for row, one in enumerate(ids)}
    rows = [at[one] for one in found.ids]
    shape = (len(ids), len(found.block.features))
    values, mask = np.zeros(shape, found.block.values.dtype), np.zeros(shape, bool)
    values[rows], mask[rows] = found.block.values, found.block.mask
    return replace(found.block, values=values, mask=mask)


def _words(plan: TablePlan, key: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    text = plan.texts[key]
    make = load_text(text.source)
    cells = cells_of(text, text.id or plan.id, text.column)
    return tuple(make(cells[one], f"{text.path}: '{one}'") if one in cells else "" for one in ids)
