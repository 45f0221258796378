"""The lines of a sweep's trials."""

import pytest

from seqmill.comparison.plots.sweep import plot_sweep
from seqmill.comparison.sweeps import Swept


@pytest.fixture
def sweep():
    settings = {"rate": (0.1, 0.001), "kind": ("wide", "deep"), "depth": (3, 3)}
    return Swept("rates", "toy", ("good", "fair"), settings, (0.9, 0.8), dict.fromkeys(settings, 0.5))


def test_the_best_trial_is_drawn_last_and_in_the_accents_colour(sweep):
    drawn = plot_sweep(sweep, level="allele", measure="f1")
    assert [trace["name"] for trace in drawn["data"]] == ["fair", "good"]
    assert [trace["line"]["color"] for trace in drawn["data"]] == ["--model-0", "--accent"]
    assert drawn["layout"]["xaxis"]["ticktext"][-1] == "allele F1"
    for trace in drawn["data"]:
        assert all(0 <= height <= 1 for height in trace["y"])
    assert {mark["text"] for mark in drawn["layout"]["annotations"]} >= {"0.001", "0.1", "wide", "deep"}
