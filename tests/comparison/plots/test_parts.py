"""Parts of plots."""

import pytest

from seqmill.comparison.plots.parts import bars, beside, figure, shift, short


def test_bars_are_lengths_and_never_negative():
    assert bars([0.5, 1.0], [0.4, 0.9], [0.7, 0.99999]) == {"array": [0.2, 0.0], "arrayminus": [0.1, 0.1]}


def test_callers_stand_around_the_name_they_belong_to():
    shifts = [shift(place, 5) for place in range(5)]
    assert shifts == sorted(shifts)
    assert sum(shifts) == pytest.approx(0)
    assert max(map(abs, shifts)) < 0.5
    axis = beside(["a", "b"])
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 1], ["a", "b"])


def test_figure_and_short():
    drawn = figure(300, "step", "loss", shared={"mode": "lines"}, showlegend=True)
    assert drawn["data"] == []
    assert drawn["layout"]["height"] == 300
    assert drawn["layout"]["yaxis"]["title"]["text"] == "loss"
    assert short([1 / 3], 2) == [0.33]
