"""How deep the reads of each sample lie."""

from collections.abc import Mapping, Sequence

from seqmill.comparison.plots.parts import Figure, layout, short

_COLOURS = 6


def plot_depth(samples: Mapping[str, Sequence[float]]) -> Figure:
    """Plot the share of reference bases at depth 0, 1, 2, ... of each sample."""
    return {
        "data": [
            {
                "name": sample,
                "mode": "lines",
                "x": list(range(len(shares))),
                "y": short((100 * share for share in shares), 3),
                "line": {"color": f"--model-{index % _COLOURS}", "width": 1.6},
                "hovertemplate": "depth %{x}: %{y:.2f} %",
            }
            for index, (sample, shares) in enumerate(samples.items())
        ],
        "layout": layout(320, "depth", "% of reference bases", showlegend=True),
    }
