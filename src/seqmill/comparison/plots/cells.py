"""Every caller with its interval in every cell."""

from collections.abc import Sequence

from seqmill.comparison.cells import grouped, leaf_of
from seqmill.comparison.leaderboard import Row
from seqmill.comparison.plots.parts import Figure, bars, beside, figure, shift, short


def plot_cells(rows: Sequence[Row], order: Sequence[str], *, axis: str) -> dict[str, Figure]:
    """Plot one figure for each group of cells, callers beside each other; heading -> figure."""
    return {heading: _group(rows, cells, axis) for heading, cells in grouped(order)}


def _group(rows: Sequence[Row], cells: Sequence[str], axis: str) -> Figure:
    hover = "%{y:.4f} (%{customdata[0]:.4f} to %{customdata[1]:.4f})"
    drawn = figure(290, "", axis, shared={"mode": "markers", "hovertemplate": hover})
    drawn["layout"]["xaxis"] = beside([leaf_of(cell) for cell in cells])
    for place, row in enumerate(rows):
        there = [(index, row.entries[cell]) for index, cell in enumerate(cells) if cell in row.entries]
        values, lows, highs = (
            [getattr(entry, end) for _, entry in there] for end in ("value", "low", "high")
        )
        drawn["data"].append(
            {
                "caller": row.caller.name,
                "x": short((index + shift(place, len(rows)) for index, _ in there), 3),
                "y": short(values),
                "error_y": bars(values, lows, highs),
                "customdata": [short(ends) for ends in zip(lows, highs, strict=True)],
            }
        )
    return drawn
