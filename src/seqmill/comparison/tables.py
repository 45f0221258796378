"""The leaderboard and the paired differences as the report's tables, with a small drawing in every cell."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from seqmill.comparison.cells import grouped, leaf_of
from seqmill.comparison.leaderboard import Entry, Row
from seqmill.comparison.numbers import NOTHING, brief, p_value, plural, share, signed, span
from seqmill.comparison.paired import Difference, by_pair
from seqmill.comparison.strata import StratumDifference

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


def paired_table(
    differences: Sequence[Difference], order: Sequence[str], *, level: str, measure: str
) -> dict[str, Any]:
    """Lay out the differences in one measure: groups of the cells in `order` as headings, pairs as rows."""
    at_level = [one for one in differences if (one.level, one.measure) == (level, measure)]
    scales = {
        cell: _scale([0.0, *(end for one in at_level if one.cell == cell for end in (one.low, one.high))])
        for cell in order
    }
    firsts = _firsts(order)
    rows = []
    for (a, b), pair in by_pair(at_level):
        by_cell = {difference.cell: difference for difference in pair}
        verdicts = [difference.verdict for difference in by_cell.values()]
        rows.append(
            {
                "a": a,
                "b": b,
                "seeds": " and ".join(map(str, pair[0].seeds)),
                **{name: verdicts.count(name) for name in SIGNS},
                "entries": [
                    _difference(by_cell[cell], scales[cell]) | {"first": cell in firsts}
                    if cell in by_cell
                    else None
                    for cell in order
                ],
            }
        )
    return {"level": level, "measure": measure, **_heads(order, offset=2), "rows": rows}


def strata_table(differences: Sequence[StratumDifference], *, level: str) -> list[dict[str, Any]]:
    """Lay out where pairs differ for certain, the surest first in each pair."""
    at_level = [one for one in differences if one.level == level]
    rows = []
    for (a, b), pair in by_pair(at_level):
        told = sorted((one for one in pair if one.firm), key=lambda one: (one.p_holm, -abs(one.value)))
        loose = sum(one.verdict != "tie" and not one.firm for one in pair)
        scale = _scale([0.0, *(end for one in told for end in (one.low, one.high))])
        rows.append(
            {
                "a": a,
                "b": b,
                "tested": len(pair),
                "loose": loose,
                "rows": [
                    {
                        "group": one.group,
                        "stratum": one.stratum.replace("_", " "),
                        "of": one.of,
                        "n": f"{one.n:,}",
                        "effect": f"{one.effect:+.2f} {one.scale}",
                        "p": p_value(one.p_holm),
                        "wins": NOTHING if one.wins is None else f"{one.wins:,} : {one.losses:,}",
                        **_difference(one, scale),
                    }
                    for one in told
                ],
            }
        )
    return rows


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
    parts = ["bound" if row.caller.bound else "baseline"] if row.caller.baseline else []
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


def _difference(one: Difference | StratumDifference, scale: tuple[float, float]) -> dict[str, Any]:
    return {
        "value": signed(one.value),
        "interval": f"{signed(one.low)} to {signed(one.high)}",
        "verdict": one.verdict,
        "firm": one.firm,
        "sign": SIGNS[one.verdict],
        "sort": one.value,
        "hover": _hover(one),
        **_place(scale, left=one.low, right=one.high, at=one.value, zero=0.0),
    }


def _hover(one: Difference | StratumDifference) -> str:
    """Say all about a test in one line."""
    said = [
        f"{one.value:+.5f}, 95 % interval {one.low:+.5f} to {one.high:+.5f}",
        f"p {p_value(one.p)}, corrected {p_value(one.p_holm)} ({one.test})",
        f"effect {one.scale} {one.effect:+.3f}",
        plural(one.n, "item"),
    ]
    if one.wins is not None:
        said.append(f"fewer errors on {one.wins:,}, more on {one.losses:,}")
    if one.share_of_seeds:
        said.append(f"{100 * one.share_of_seeds:.0f} % of the variance from seeds")
    return "; ".join(said)


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
