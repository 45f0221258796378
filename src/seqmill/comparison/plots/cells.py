"""Every caller with its interval in every cell."""

from collections.abc import Mapping, Sequence

from seqmill.comparison.cells import grouped, in_order, leaf_of
from seqmill.comparison.leaderboard import Row
from seqmill.comparison.plots.parts import Figure, bars, layout, short, trace
from seqmill.comparison.style import Style

_SPREAD = 0.62


def plot_cells(rows: Sequence[Row], looks: Mapping[str, Style], *, axis: str) -> dict[str, Figure]:
    """Plot one figure for each group of cells, callers beside each other; heading -> figure."""
    figures = {}
    for heading, group in grouped(in_order({cell for row in rows for cell in row.entries})):
        figure = {"data": [], "layout": layout(290, "", axis)}
        figure["layout"]["xaxis"] = {
            "tickvals": list(range(len(group))),
            "ticktext": [leaf_of(cell) for cell in group],
            "range": [-0.55, len(group) - 0.45],
            "showgrid": False,
        }
        for place, row in enumerate(rows):
            shift = _SPREAD * ((place + 0.5) / len(rows) - 0.5)
            there = [(index, row.entries[cell]) for index, cell in enumerate(group) if cell in row.entries]
            values, lows, highs = (
                [getattr(entry, end) for _, entry in there] for end in ("value", "low", "high")
            )
            figure["data"].append(
                trace(row.caller.name, looks)
                | {
                    "mode": "markers",
                    "x": short((index + shift for index, _ in there), 3),
                    "y": short(values),
                    "error_y": bars(values, lows, highs),
                    "customdata": [
                        [leaf_of(group[index]), *short((entry.low, entry.high), 4)] for index, entry in there
                    ],
                    "hovertemplate": (
                        "%{customdata[0]}: %{y:.4f} (%{customdata[1]:.4f} to %{customdata[2]:.4f})"
                    ),
                }
            )
        figures[heading] = figure
    return figures
