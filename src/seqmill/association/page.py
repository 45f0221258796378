"""The page of an association: Manhattan and quantile-quantile plot, and what was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqmill.association.null import Values
from seqmill.files import atomic_path, program_version
from seqmill.pages.render import render, script

_SHOWN = 50
_COLOURS = ("--accent", "--muted")
_PLAIN = 20_000
"""Points that a plot shows at most; the weakest beyond are thinned."""


def write_page(
    path: Path, features: Sequence[str], columns: Mapping[str, Values], summary: Mapping[str, Any]
) -> None:
    """Write the page as one file that needs no network."""
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    found = int(summary["found"]["p_bonferroni"])
    text = render(
        "seqmill.association",
        "associations.html.j2",
        title=f"{summary['label']} and {summary['block']}",
        summary=summary,
        tiles=[
            (f"{summary['people']:,}", "people"),
            (f"{summary['tested']:,}", "features tested"),
            (f"{summary['inflation']:.3f}", "inflation (genomic control)"),
            (f"{found:,}", "found after Bonferroni at 5 %"),
            (f"{summary['found']['q']:,}", "found at a false discovery rate of 5 %"),
        ],
        headings=list(columns),
        rows=_rows(features, columns),
        version=program_version(),
        plotly=Markup(get_plotlyjs()),
        figures=script(
            {"manhattan": manhattan(features, columns["p"]), "quantiles": quantiles(columns["p"])}
        ),
        looks=script({}),
    )
    with atomic_path(path) as aside:
        aside.write_text(text)


def manhattan(features: Sequence[str], p: Values) -> dict[str, Any]:
    """Give the plot of -log10 p by place; features without a place stand in the order of the block."""
    heights = _heights(p)
    contigs, places = _places(features)
    names = list(dict.fromkeys(contigs))
    shift, ticks, data = 0.0, [], []
    kept = _thinned(heights)
    for number, name in enumerate(names):
        of_contig = [at for at in range(len(features)) if contigs[at] == name]
        shown = [at for at in of_contig if at in kept]
        data.append(
            {
                "x": [shift + places[at] for at in shown],
                "y": [round(float(heights[at]), 4) for at in shown],
                "text": [features[at] for at in shown],
                "mode": "markers",
                "marker": {"size": 5, "color": _COLOURS[number % 2]},
                "hovertemplate": "%{text}<br>%{y:.2f}<extra></extra>",
            }
        )
        width = max(places[at] for at in of_contig)
        ticks.append(shift + width / 2)
        shift += width * 1.02 + 1
    line = -np.log10(0.05 / max(int(np.isfinite(p).sum()), 1))
    return {
        "data": data,
        "layout": {
            "height": 340,
            "xaxis": {"tickvals": ticks, "ticktext": names, "showgrid": False},
            "yaxis": {"title": {"text": "-log10 p"}},
            "shapes": [_line(0, line, shift, line)],
        },
    }


def quantiles(p: Values) -> dict[str, Any]:
    """Give the plot of sorted -log10 p over those that chance gives."""
    heights = np.sort(_heights(p[np.isfinite(p)]))[::-1]
    expected = -np.log10((np.arange(len(heights)) + 0.5) / len(heights))
    shown = sorted(_thinned(heights))
    end = float(expected[0])
    points = {
        "x": [round(float(expected[at]), 4) for at in shown],
        "y": [round(float(heights[at]), 4) for at in shown],
        "mode": "markers",
        "marker": {"size": 5, "color": _COLOURS[0]},
        "hovertemplate": "chance %{x:.2f}<br>found %{y:.2f}<extra></extra>",
    }
    return {
        "data": [points],
        "layout": {
            "height": 340,
            "xaxis": {"title": {"text": "-log10 p by chance"}},
            "yaxis": {"title": {"text": "-log10 p"}},
            "shapes": [_line(0, 0, end, end)],
        },
    }


def _heights(p: Values) -> Values:
    return -np.log10(np.maximum(np.nan_to_num(p, nan=1.0), 1e-300))


def _thinned(heights: Values) -> set[int]:
    order = np.argsort(-heights, kind="stable")
    weak = order[_PLAIN // 2 :]
    step = max(1, -(-len(weak) // (_PLAIN // 2)))
    return {*order[: _PLAIN // 2].tolist(), *weak[::step].tolist()}


def _places(features: Sequence[str]) -> tuple[list[str], list[float]]:
    parts = [name.split(":") for name in features]
    if all(len(one) >= 2 and one[1].isdecimal() for one in parts):
        return [one[0] for one in parts], [float(one[1]) for one in parts]
    return [""] * len(features), [float(at) for at in range(len(features))]


def _line(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    ends = {"x0": x0, "y0": y0, "x1": x1, "y1": y1}
    return {"type": "line", "line": {"color": "--faint", "width": 1, "dash": "dot"}, **ends}


def _rows(features: Sequence[str], columns: Mapping[str, Values]) -> list[tuple[str, list[str]]]:
    order = np.argsort(columns["p"], kind="stable")[:_SHOWN]
    return [(features[at], [f"{values[at]:.3g}" for values in columns.values()]) for at in order]
