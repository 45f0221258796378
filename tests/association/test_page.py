"""What the plots show."""

import numpy as np
import pytest

from seqmill.association.page import manhattan, quantiles


def test_points_stand_by_contig_and_place():
    figure = manhattan(["c1:10:A:C", "c2:5:A:C", "c1:30:A:C"], np.array([0.1, 0.001, np.nan]))
    assert [trace["text"] for trace in figure["data"]] == [["c1:10:A:C", "c1:30:A:C"], ["c2:5:A:C"]]
    assert [trace["y"] for trace in figure["data"]] == [[1, 0], [3]]
    assert figure["layout"]["xaxis"]["ticktext"] == ["c1", "c2"]
    assert figure["layout"]["shapes"][0]["y0"] == pytest.approx(-np.log10(0.05 / 2))


def test_features_without_a_place_stand_in_order():
    figure = manhattan(["GENE1", "GENE2"], np.array([0.1, 0.2]))
    assert figure["data"][0]["x"] == [0, 1]


def test_even_p_values_lie_on_the_line_of_chance():
    points = quantiles((np.arange(100) + 0.5) / 100)["data"][0]
    assert points["x"] == points["y"]


def test_weak_points_are_thinned_and_strong_ones_kept():
    p = np.random.default_rng(1).random(60_000)
    shown = quantiles(p)["data"][0]["y"]
    assert 10_000 < len(shown) <= 20_000
    assert max(shown) == pytest.approx(-np.log10(p.min()), abs=1e-3)
