"""Learning curves."""

from seqmill.comparison.plots.learning import plot_learning
from seqmill.comparison.runs import load_callers


def test_two_lines_and_a_ring_for_each_seed(study):
    figures = plot_learning(load_callers(study.runs, study.baselines))
    assert set(figures) == {"good", "fair", "scalars"}
    names = [trace["name"] for trace in figures["good"]["data"]]
    assert names == ["training", "validation", "kept"] * 2
    ring = figures["good"]["data"][2]
    assert ring["customdata"] == ["seed 1, epoch 7"]
    assert ring["x"] == [840]


def test_all_figures_share_one_scale(study):
    figures = plot_learning(load_callers(study.runs, study.baselines))
    ranges = {tuple(drawn["layout"]["yaxis"]["range"]) for drawn in figures.values()}
    assert len(ranges) == 1
    top = max(y for drawn in figures.values() for trace in drawn["data"] for y in trace["y"])
    assert ranges.pop()[1] > top


def test_nothing_trained_nothing_drawn(study):
    assert plot_learning(load_callers(study.baselines[1:])) == {}
