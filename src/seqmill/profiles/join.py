"""Blocks and words of several files become one table."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from seqmill.errors import InputError
from seqmill.profiles.columns import cells_of
from seqmill.profiles.plan import TablePlan
from seqmill.profiles.sources import SOURCES, load_text
from seqmill.profiles.table import Block, Found, Table
from seqmill.typed import build

EMPTY = "all_missing"
"""Why a row is left out: none of its values is there."""


class Joined(NamedTuple):
    """A table as it was joined.

    Attributes
    ----------
    table : Table
        A row for each id that any block has, except for those of which nothing is known.
    dropped : dict
        Reason -> rows left out.
    reports : dict
        Block -> what its source tells of how it was made.
    """

    table: Table
    dropped: dict[str, int]
    reports: dict[str, dict[str, Any]]


def join_table(plan: TablePlan, *, name: str, rename: Callable[[str], str] = str) -> Joined:
    """Read a table.

    Parameters
    ----------
    plan : TablePlan
        What it is made of.
    name : str
        Its key in the plan, for messages.
    rename : callable
        What ids and words become, such as pseudonyms.

    Raises
    ------
    InputError
        When a file cannot be used, or a block holds no value at all.
    """
    found = {}
    for key, block in plan.blocks.items():
        source = SOURCES[block.source]
        options = build(source.options, block.options, path=f"{name}.blocks.{key}.options", problems=[])
        read = source.load()(block, block.id or plan.id, options)
        found[key] = read._replace(ids=[rename(one) for one in read.ids])
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
    texts = {key: _words(plan, key, kept, rename) for key in plan.texts}
    reports = {key: each.report for key, each in found.items() if each.report is not None}
    dropped = {f"{key}.{why}": n for key, each in found.items() for why, n in each.dropped.items()}
    return Joined(Table(kept, blocks, texts), {EMPTY: int((~known).sum())} | dropped, reports)


def _aligned(found: Found, ids: list[str]) -> Block:
    at = {one: row for row, one in enumerate(ids)}
    rows = [at[one] for one in found.ids]
    shape = (len(ids), len(found.block.features))
    values, mask = np.zeros(shape, found.block.values.dtype), np.zeros(shape, bool)
    values[rows], mask[rows] = found.block.values, found.block.mask
    return replace(found.block, values=values, mask=mask)


def _words(plan: TablePlan, key: str, ids: tuple[str, ...], rename: Callable[[str], str]) -> tuple[str, ...]:
    text = plan.texts[key]
    make = load_text(text.source)
    found = cells_of(text, text.id or plan.id, text.column)
    cells = {rename(one): cell for one, cell in found.items()}
    words = [make(cells[one], f"{text.path}: '{one}'") if one in cells else "" for one in ids]
    return tuple(rename(word) if word else "" for word in words)
