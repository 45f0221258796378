"""F1 over the values of a stratum, such as the depth or the homopolymer length."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.plots.parts import Figure, bars, beside, figure, shift, short
from seqmill.comparison.runs import Caller

Rows = dict[str, list[Mapping[str, Any]]]
"""Value of the stratum -> its row in the table of each seed."""


_LEVELS = ("allele", "genotype")


def plot_strata(callers: Sequence[Caller]) -> dict[tuple[str, str, str], Figure]:
    """Plot every caller, values and interval ends averaged over seeds; (level, stratum, cell) -> figure."""
    figures: dict[tuple[str, str, str], Figure] = {}
    hover = "%{y:.4f} (TP %{customdata[0]}, FP %{customdata[1]}, FN %{customdata[2]})"
    for key, by_caller in _gather(callers).items():
        level, stratum, _ = key
        values = sorted({value for rows in by_caller.values() for value in rows})
        shared = {"mode": "markers", "hovertemplate": hover}
        drawn = figure(380, stratum.replace("_", " "), f"{level} F1", shared=shared)
        drawn["layout"]["xaxis"] |= beside(values)
        drawn["data"] = [
            {"caller": name} | _points(values, rows, shift(place, len(by_caller)))
            for place, (name, rows) in enumerate(by_caller.items())
        ]
        figures[key] = drawn
    return figures


def _gather(callers: Sequence[Caller]) -> dict[tuple[str, str, str], dict[str, Rows]]:
    gathered: dict[tuple[str, str, str], dict[str, Rows]] = {}
    for caller in callers:
        for row in (row for run in caller.runs for row in run.scored.get("strata", ())):
            if row["level"] not in _LEVELS:
                continue
            by_caller = gathered.setdefault((row["level"], row["stratum"], row["cell"]), {})
            by_caller.setdefault(caller.name, {}).setdefault(row["value"], []).append(row)
    return gathered


def _points(values: Sequence[str], rows: Rows, off: float) -> Figure:
    there = [value for value in values if value in rows]
    mean = {
        field: [sum(row[field] for row in rows[value]) / len(rows[value]) for value in there]
        for field in ("f1", "low", "high", "tp", "fp", "fn")
    }
    return {
        "x": short((values.index(value) + off for value in there), 3),
        "y": short(mean["f1"]),
        "error_y": bars(mean["f1"], mean["low"], mean["high"]),
        "customdata": [short(counts, 1) for counts in zip(mean["tp"], mean["fp"], mean["fn"], strict=True)],
    }
