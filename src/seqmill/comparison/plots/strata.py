"""The leading measure over the values of a stratum, such as the depth or the homopolymer length."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.numbers import MEASURES
from seqmill.comparison.plots.parts import Figure, bars, beside, figure, shift, short
from seqmill.comparison.runs import Caller
from seqmill.evaluation.measures import FAMILIES

Rows = dict[str, list[Mapping[str, Any]]]
"""Value of the stratum -> its row in the table of each seed."""

_COUNTED = "%{y:.4f} (TP %{customdata[0]}, FP %{customdata[1]}, FN %{customdata[2]})"
_BOUND = "exact"
"""A level that only bounds another from below is not drawn."""


def plot_strata(callers: Sequence[Caller]) -> dict[tuple[str, str, str], Figure]:
    """Plot every caller, values and interval ends averaged over seeds; (level, stratum, cell) -> figure."""
    figures: dict[tuple[str, str, str], Figure] = {}
    for key, by_caller in _gather(callers).items():
        level, stratum, _ = key
        values = sorted({value for rows in by_caller.values() for value in rows})
        measure = _measure(next(iter(next(iter(by_caller.values())).values()))[0])
        shared = {"mode": "markers", "hovertemplate": _COUNTED if measure == "f1" else "%{y:.4f}"}
        drawn = figure(380, stratum.replace("_", " "), f"{level} {MEASURES[measure]}", shared=shared)
        drawn["layout"]["xaxis"] |= beside(values)
        drawn["data"] = [
            {"caller": name} | _points(values, rows, measure, shift(place, len(by_caller)))
            for place, (name, rows) in enumerate(by_caller.items())
        ]
        figures[key] = drawn
    return figures


def _gather(callers: Sequence[Caller]) -> dict[tuple[str, str, str], dict[str, Rows]]:
    gathered: dict[tuple[str, str, str], dict[str, Rows]] = {}
    for caller in callers:
        for row in (row for run in caller.runs for row in run.scored.get("strata", ())):
            if row["level"] == _BOUND:
                continue
            by_caller = gathered.setdefault((row["level"], row["stratum"], row["cell"]), {})
            by_caller.setdefault(caller.name, {}).setdefault(row["value"], []).append(row)
    return gathered


def _measure(row: Mapping[str, Any]) -> str:
    """Find the measure that a row of the strata gives."""
    return next(family.measures[0] for family in FAMILIES if family.measures[0] in row)


def _points(values: Sequence[str], rows: Rows, measure: str, off: float) -> Figure:
    there = [value for value in values if value in rows]
    counted = ("tp", "fp", "fn") if measure == "f1" else ()
    mean = {
        field: [sum(row[field] for row in rows[value]) / len(rows[value]) for value in there]
        for field in (measure, "low", "high", *counted)
    }
    drawn = {
        "x": short((values.index(value) + off for value in there), 3),
        "y": short(mean[measure]),
        "error_y": bars(mean[measure], mean["low"], mean["high"]),
    }
    if counted:
        drawn["customdata"] = [short(of, 1) for of in zip(*(mean[name] for name in counted), strict=True)]
    return drawn
