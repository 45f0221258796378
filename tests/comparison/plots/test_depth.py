"""Depth of each sample."""

from seqmill.comparison.plots.depth import plot_depth


def test_shares_in_per_cent_and_a_legend_for_few_samples():
    drawn = plot_depth({"ada": [0.25, 0.75], "bo": [1.0]})
    assert [(trace["name"], trace["x"], trace["y"]) for trace in drawn["data"]] == [
        ("ada", [0, 1], [25.0, 75.0]),
        ("bo", [0], [100.0]),
    ]
    assert drawn["layout"]["showlegend"]
    assert not plot_depth({str(n): [1.0] for n in range(30)})["layout"]["showlegend"]
