"""Strata, averaged over seeds."""

import pytest

from seqmill.comparison.plots.strata import plot_strata
from seqmill.comparison.runs import load_callers


def test_values_are_means_over_seeds(study):
    figures = plot_strata(load_callers(study.runs, study.baselines))
    assert {key[:2] for key in figures} == {("allele", "depth"), ("genotype", "depth")}
    drawn = figures["allele", "depth", "clean.10x.snp"]
    assert drawn["layout"]["xaxis"]["ticktext"] == ["00-09", "10-19"]
    good = next(trace for trace in drawn["data"] if trace["caller"] == "good")
    shallow = [2 * 149 / (2 * 149 + 1), 2 * 148 / (2 * 148 + 2)]
    deep = [2 * 148 / (2 * 148 + 2)] * 2
    assert good["y"] == pytest.approx([sum(shallow) / 2, sum(deep) / 2], abs=1e-4)
    assert good["customdata"][0] == [148.5, 0.0, 1.5]


def test_runs_without_strata_draw_nothing(study):
    callers = load_callers(study.runs)
    for caller in callers:
        for run in caller.runs:
            run.scored["strata"] = []
    assert plot_strata(callers) == {}
