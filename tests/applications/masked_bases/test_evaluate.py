"""Scores by hand."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.masked_bases.evaluate import evaluate
from seqmill.applications.scoring import ScoreJob
from seqmill.evaluation.measures import measured


@pytest.fixture
def scorer():
    examples = pd.DataFrame(
        {
            "example_id": np.array([2**64 - 1, 7, 9], np.uint64),
            "sample": ["ada", "ada", "bo"],
            "contig": ["c1", "c1", "c2"],
            "start": [0, 3_000, 45_000],
            "log_likelihood_0": np.log([0.5, 0.25, np.nan]),
            "log_likelihood_1": np.log([0.5, np.nan, np.nan]),
            "accuracy": [0.5, 1.0, 0.0],
        }
    )
    plan = {"samples": {"ada": {"condition": "wild"}, "bo": {}}}
    return evaluate(ScoreJob(plan=plan, split="test", lineage={}, reads={}, examples=examples))


def test_items_are_the_examples_that_were_asked(scorer):
    items = scorer.items(None)
    assert items["item"].tolist() == [2**64 - 1, 7]
    assert items["value_log2_likelihood"].tolist() == pytest.approx([-1, -2])
    assert items["value_accuracy"].tolist() == [0.5, 1.0]
    assert items["cell"].tolist() == ["wild", "wild"]
    assert items["block"].nunique() == 1
    assert [level for _, level in measured(items.columns)] == ["log2_likelihood", "accuracy"]


def test_perplexity_is_over_bases_and_that_of_chance_where_none_was_asked(scorer):
    rows = {row["metric"]: (row["value"], row["n"]) for row in scorer.further()}
    assert rows["perplexity.wild"] == (pytest.approx((2 * 2 * 4) ** (1 / 3)), 3)
    assert rows["perplexity.bo"] == (4.0, 0)
