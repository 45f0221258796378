"""Reliability before and after, and bins without an error."""

import pytest

from seqmill.comparison.plots.calibration import plot_calibration
from seqmill.comparison.runs import load_callers


def test_only_callers_with_probabilities_are_drawn(study):
    assert set(plot_calibration(load_callers(study.runs, study.baselines))) == {"good", "fair", "scalars"}


def test_bins_without_an_error_stand_at_their_bound(study):
    callers = load_callers(study.runs)
    wrong = {"confidence": 0.9, "accuracy": 0.8, "low": 0.7, "high": 0.87, "count": 100}
    right = {"confidence": 0.99, "accuracy": 1.0, "low": 0.96, "high": 1.0, "count": 100}
    for run in callers[1].runs:
        for when in ("before", "after"):
            run.curves["calibration"][when]["bins"] = [wrong, right]
    diagonal, before, after, unseen, *_ = plot_calibration(callers)["good"]["data"]
    assert before["x"] == after["x"] == pytest.approx([0.1])
    assert after["y"] == pytest.approx([0.2])
    assert after["error_y"]["array"] == pytest.approx([0.1])
    assert after["error_y"]["arrayminus"] == pytest.approx([0.07])
    assert unseen["x"] == pytest.approx([0.01])
    assert unseen["y"] == pytest.approx([0.04])
    assert diagonal["x"] == diagonal["y"]


def test_axes_run_towards_certainty(study):
    layout = plot_calibration(load_callers(study.runs))["good"]["layout"]
    for axis in ("xaxis", "yaxis"):
        first, last = layout[axis]["range"]
        assert first > 0 > last


def test_the_legend_names_each_line_once(study):
    drawn = plot_calibration(load_callers(study.runs))["good"]["data"]
    assert [trace["name"] for trace in drawn if trace["showlegend"]] == [
        "before temperature",
        "after temperature",
    ]
