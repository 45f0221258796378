"""Groups of items by what was predicted, by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seqmill.comparison.plots.agreement import BINS, plot_agreement


def caller(name, predicted, observed):
    items = pd.DataFrame(
        {
            "item": np.arange(len(predicted), dtype=np.uint64),
            "cell": "atac",
            "predicted_log_count": predicted,
            "observed_log_count": observed,
        }
    )
    run = SimpleNamespace(items=items, cells={"atac": items})
    return SimpleNamespace(name=name, runs=[run])


def test_groups_are_as_large_and_hold_means_and_quartiles():
    rng = np.random.default_rng(1)
    predicted = rng.permutation(400) / 100
    observed = predicted + rng.normal(0, 0.5, 400)
    (figure,) = plot_agreement([caller("net", predicted, observed)]).values()
    (trace,) = figure["data"]
    assert trace["caller"] == "net"
    assert len(trace["x"]) == BINS
    assert sum(trace["customdata"]) == 400
    lowest = predicted < np.sort(predicted)[20]
    assert trace["y"][0] == pytest.approx(observed[lowest].mean(), abs=1e-3)
    quartile = np.quantile(observed[lowest], 0.75) - observed[lowest].mean()
    assert trace["error_y"]["array"][0] == pytest.approx(quartile, abs=1e-3)


def test_a_caller_that_predicts_one_number_is_one_group_and_unknown_items_are_left_out():
    observed = np.array([1.0, 2.0, np.nan, 3.0])
    figures = plot_agreement([caller("flat", np.full(4, 0.5), observed)])
    (trace,) = figures["log_count", "atac"]["data"]
    assert (trace["x"], trace["y"], trace["customdata"]) == ([0.5], [2.0], [3])


def test_callers_that_predict_no_quantity_have_no_plot():
    items = pd.DataFrame({"item": [1], "cell": ["a"], "tp_x": [1], "fp_x": [0], "fn_x": [0]})
    assert plot_agreement([SimpleNamespace(name="n", runs=[SimpleNamespace(items=items, cells={})])]) == {}
