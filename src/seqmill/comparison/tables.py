"""The leaderboard and the paired differences as the report's tables, with a small drawing in every cell."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from seqmill.comparison.cells import grouped, leaf_of
from seqmill.comparison.leaderboard import Entry, Row
from seqmill.comparison.numbers import NOTHING, brief, plural, share, signed, span
from seqmill.comparison.paired import Difference

SIGNS = {"above": "▲", "tie": "≈", "below": "▼"}
_MARGIN = 0.06


def board(rows: Sequence[Row], order: Sequence[str], *, level: str, measure: str) -> dict[str, Any]:
    """Lay out one leaderboard: groups of the cells in `order` as headings, callers as rows, best first."""
    scales = {
        cell: _scale(
            [end for row in rows if (entry := row.entries.get(cell)) for end in (entry.low, entry.high)]
        )
        for cell in order
    }
    firsts = _firsts(order)
    return {
        "level": level,
        "measure": measure,
        **_heads(order, offset=2),
        "rows": [
            {
                "name": row.caller.name,
                "note": _note(row),
                "mean": share(row.mean) or NOTHING,
                "sort": "" if math.isnan(row.mean) else row.mean,
                "entries": [
                    _entry(row.entries.get(cell), scales[cell]) | {"first": cell in firsts} for cell in order
                ],
            }
            for row in rows
        ],
    }


def paired_table(differences: Sequence[Difference], order: Sequence[str], *, level: str) -> dict[str, Any]:
    """Lay out the differences of one level: groups of the cells in `order` as headings, pairs as rows."""
    at_level = [difference for difference in differences if difference.level == level]
    scales = {
        cell: _scale([0.0, *(end for one in at_level if one.cell == cell for end in (one.low, one.high))])
        for cell in order
    }
    firsts = _firsts(order)
    rows = []
    for (a, b), group in groupby(at_level, key=lambda difference: (difference.a, difference.b)):
        by_cell = {difference.cell: difference for difference in group}
        verdicts = [difference.verdict for difference in by_cell.values()]
        rows.append(
            {
                "a": a,
                "b": b,
                **{name: verdicts.count(name) for name in SIGNS},
                "entries": [
                    _difference(by_cell[cell], scales[cell]) | {"first": cell in firsts}
                    if cell in by_cell
                    else None
                    for cell in order
                ],
            }
        )
    return {"level": level, **_heads(order, offset=2), "rows": rows}


def _heads(order: Sequence[str], *, offset: int) -> dict[str, Any]:
    return {
        "groups": [
            (heading, [{"key": cell, "leaf": leaf_of(cell)} for cell in cells])
            for heading, cells in grouped(order)
        ],
        "column": {cell: offset + index for index, cell in enumerate(order)},
    }


def _firsts(order: Sequence[str]) -> set[str]:
    return {cells[0] for _, cells in grouped(order)}


def _note(row: Row) -> str:
    seeds = len(row.caller.runs) if any(run.seed is not None for run in row.caller.runs) else 0
    parts = ["baseline"] if row.caller.baseline else []
    return ", ".join([*parts, *([plural(seeds, "seed")] if seeds else [])])


def _entry(entry: Entry | None, scale: tuple[float, float]) -> dict[str, Any]:
    if entry is None:
        return {"value": "", "sort": "", "standing": "", "hover": ""}
    ends = min(entry.seeds), max(entry.seeds)
    spread = "" if len(entry.seeds) == 1 else span(*ends) if ends[0] < ends[1] else brief(ends[0])
    hover = f"{plural(entry.n, 'item')}; seeds {', '.join(map(share, entry.seeds))}"
    return {
        "value": share(entry.value),
        "interval": span(entry.low, entry.high),
        "seeds": spread,
        "standing": entry.standing,
        "sort": entry.value,
        "hover": hover if spread else plural(entry.n, "item"),
        **_place(scale, left=entry.low, right=entry.high, at=entry.value),
    }


def _difference(one: Difference, scale: tuple[float, float]) -> dict[str, Any]:
    return {
        "value": signed(one.value),
        "interval": f"{signed(one.low)} to {signed(one.high)}",
        "verdict": one.verdict,
        "firm": one.firm,
        "sign": SIGNS[one.verdict],
        "sort": one.value,
        "hover": f"{one.value:+.5f}, 95 % interval {one.low:+.5f} to {one.high:+.5f}, p {one.p:.2g}",
        **_place(scale, left=one.low, right=one.high, at=one.value, zero=0.0),
    }


def _scale(ends: Iterable[float]) -> tuple[float, float]:
    known = [end for end in ends if not math.isnan(end)] or [0.0]
    width = max(max(known) - min(known), 1e-9)
    return min(known) - _MARGIN * width, (1 + 2 * _MARGIN) * width


def _place(scale: tuple[float, float], **values: float) -> dict[str, float]:
    start, width = scale
    return {
        name: 0.0 if math.isnan(value) else round(100 * (value - start) / width, 1)
        for name, value in values.items()
    }
