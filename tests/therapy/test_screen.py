"""A library by hand: the molecule that is best in both comes first."""

import numpy as np
import pandas as pd
import pytest

from seqmill.therapy.screen import pareto, screen


@pytest.fixture
def ranking():
    rows = [
        (sample, molecule, response + shift)
        for sample, shift in (("x", -0.5), ("y", 0.5))
        for molecule, response in (("a", 1.0), ("b", 2.0), ("c", 3.0))
    ]
    table = pd.DataFrame(rows, columns=["sample", "molecule", "prediction"])
    return table.assign(rank=[1, 2, 30, 1, 12, 3], sd=0.1, molecule_in_domain=table["molecule"] != "c")


def test_efficacy_alone(ranking):
    found = screen(ranking, None, better="low").set_index("molecule")
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["efficacy"].tolist() == [1, 2, 3]
    assert found["efficacy_percentile"].tolist() == pytest.approx([0, 50, 100])
    assert found["samples_top"].tolist() == [2, 1, 1]
    assert found["molecule_in_domain"].tolist() == [True, True, False]
    assert "toxicity" not in found
    assert screen(ranking, None, better="high")["molecule"].tolist() == ["c", "b", "a"]


def test_efficacy_and_safety_together(ranking):
    safety = {
        "liver": np.array([[0.9, 0.1, 0.3], [0.7, 0.1, 0.3]]),
        "heart": np.array([[0.2, 0.2, 0.1], [0.2, 0.2, 0.1]]),
    }
    found = screen(ranking, safety, better="low").set_index("molecule")
    assert found.index.tolist() == ["b", "a", "c"]
    assert found["toxicity"].to_dict() == pytest.approx({"a": 0.8, "b": 0.2, "c": 0.3})
    assert found["worst_task"].to_dict() == {"a": "liver", "b": "heart", "c": "liver"}
    assert found.loc["a", "toxicity_sd"] == pytest.approx(np.std([0.9, 0.7], ddof=1))
    assert found["combined"].to_dict() == pytest.approx({"b": 25, "a": 50, "c": 75})
    assert found["pareto"].to_dict() == {"a": True, "b": True, "c": False}


def test_equal_rows_do_not_beat_each_other():
    values = pd.Series([1.0, 1.0, 2.0])
    assert pareto(values, values).tolist() == [True, True, False]


def test_pareto_is_that_of_all_pairs_of_rows():
    rows = np.random.default_rng(3).integers(0, 12, (60, 2)).astype(float)
    beaten = [any((other <= own).all() and (other < own).any() for other in rows) for own in rows]
    found = pareto(pd.Series(rows[:, 0]), pd.Series(rows[:, 1]))
    assert found.tolist() == [not one for one in beaten]
    assert 1 < found.sum() < 20
