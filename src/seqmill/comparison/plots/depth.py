"""How deep the reads of each sample lie."""

from collections.abc import Mapping, Sequence

from seqmill.comparison.plots.parts import Figure, figure, short

_COLOURS, _NAMED = 6, 10


def plot_depth(samples: Mapping[str, Sequence[float]]) -> Figure:
    """Plot the share of reference bases at depth 0, 1, 2, ... of each sample."""
    drawn = figure(
        320,
        "depth",
        "% of reference bases",
        shared={"mode": "lines", "hovertemplate": "depth %{x}: %{y:.2f} %"},
        showlegend=len(samples) <= _NAMED,
    )
    drawn["data"] = [
        {
            "name": sample,
            "x": list(range(len(shares))),
            "y": short((100 * share for share in shares), 3),
            "line": {"color": f"--model-{index % _COLOURS}", "width": 1.6},
        }
        for index, (sample, shares) in enumerate(samples.items())
    ]
    return drawn
