"""Points with intervals, one figure a group."""

import pytest

from seqmill.comparison.leaderboard import rank
from seqmill.comparison.plots.cells import plot_cells
from seqmill.comparison.runs import cells_of, load_callers


def test_every_caller_stands_in_every_cell(study):
    callers = load_callers(study.runs, study.baselines)
    figures = plot_cells(rank(callers, "allele", "f1"), cells_of(callers), axis="allele F1")
    assert list(figures) == ["snp · clean", "snp · noisy", "indel · clean"]
    drawn = figures["snp · clean"]
    assert [trace["caller"] for trace in drawn["data"]] == ["scalars", "good", "fair", "caller"]
    assert drawn["data"][0]["y"] == pytest.approx([594 / 597], abs=1e-4)
    assert drawn["layout"]["xaxis"]["ticktext"] == ["10x"]
    low, high = drawn["data"][0]["customdata"][0]
    assert drawn["data"][0]["y"][0] - drawn["data"][0]["error_y"]["arrayminus"][0] == pytest.approx(
        low, abs=2e-4
    )
    assert drawn["data"][0]["y"][0] + drawn["data"][0]["error_y"]["array"][0] == pytest.approx(high, abs=2e-4)
