"""Thinned curves stay on the curve."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.comparison.plots.precision_recall import outline, plot_precision_recall
from seqmill.comparison.runs import load_callers


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_no_dropped_point_is_further_off_than_the_tolerance(points):
    x = np.sort([point[0] for point in points])
    y = np.array([point[1] for point in points])
    kept = outline(x, y, 0.05)
    assert (kept[0], kept[-1]) == (0, len(x) - 1)
    for first, last in itertools.pairwise(kept):
        if x[last] > x[first]:
            line = np.interp(x[first : last + 1], x[[first, last]], y[[first, last]])
            assert np.abs(line - y[first : last + 1]).max() <= 0.05 + 1e-9


def test_a_straight_line_needs_its_ends_alone():
    assert outline(np.linspace(0, 1, 50), np.linspace(1, 0.5, 50)) == [0, 49]


def test_a_step_is_kept():
    assert outline([0.5, 0.9, 0.9, 0.9], [1.0, 1.0, 0.9, 0.8]) == [0, 1, 3]


def test_a_figure_for_each_level_and_cell_with_a_ring_at_the_threshold(study):
    figures = plot_precision_recall(load_callers(study.runs, study.baselines))
    assert set(figures) == {
        (level, cell)
        for level in ("allele", "genotype")
        for cell in ("clean.10x.snp", "clean.10x.indel", "noisy.30x.snp")
    }
    traces = figures["allele", "clean.10x.snp"]["data"]
    lines = [trace for trace in traces if trace.get("mode") != "markers"]
    rings = [trace for trace in traces if trace.get("mode") == "markers"]
    assert [trace.get("name") for trace in lines] == [
        *("fair, seed 1", "fair, seed 2", "good, seed 1", "good, seed 2"),
        *(None, "scalars, seed 1"),
    ]
    assert [trace.get("opacity") for trace in lines][:2] == [None, pytest.approx(0.45)]
    assert len(rings) == len(lines)
    assert rings[0]["customdata"] == ["20, in use"]
