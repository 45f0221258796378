"""Measures over all pairs and within drugs, by pandas and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqmill.applications.drug_response.evaluate import FEWEST, evaluate, ranked_best, within_drugs
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score

NONE = OperatingPoints([])


@pytest.fixture
def scorer(screens):
    dataset = screens["cell"]
    table = read_examples(dataset.manifest, "test", threads=1)
    noise = np.random.default_rng(1).normal(0, 1, len(table))
    return evaluate(
        dataset.job("test", {}, examples=table.assign(predicted_response=table["response"] + noise))
    )


def test_pairs_of_one_group_are_drawn_together(scorer):
    items = scorer.items(NONE)
    check_items(items, name="items")
    assert items.groupby("profile")["block"].nunique().max() == 1
    assert items["block"].nunique() == items["profile"].nunique() > 1
    (row,) = [row for row in score(items, replicates=50) if row["metric"] == "pearson.response.screen"]
    expected = stats.pearsonr(items["predicted_response"], items["observed_response"]).statistic
    assert row["value"] == pytest.approx(expected)
    assert row["primary"]


def test_error_and_median_within_drugs_are_told_beside(scorer):
    items, told = scorer.items(NONE), {row["metric"]: row for row in scorer.further()}
    errors = items["predicted_response"] - items["observed_response"]
    assert told["rmse.response.screen"]["value"] == pytest.approx(np.sqrt(np.mean(errors**2)))
    within = [
        stats.pearsonr(one["predicted_response"], one["observed_response"]).statistic
        for _, one in items.groupby("molecule")
        if len(one) >= FEWEST
    ]
    median = told["median_drug_pearson.response.screen"]
    assert (median["value"], median["n"]) == (pytest.approx(np.median(within)), len(within))


def test_a_constant_within_a_drug_and_a_drug_of_few_pairs_have_no_correlation():
    rng = np.random.default_rng(0)
    n = FEWEST
    items = pd.DataFrame(
        {
            "molecule": ["constant"] * n + ["varied"] * n + ["few"] * (n - 1),
            "predicted_response": [1.0] * n + list(rng.normal(size=2 * n - 1)),
            "observed_response": rng.normal(size=3 * n - 1),
        }
    )
    assert len(within_drugs(items)) == 1


def test_where_no_drug_varies_the_median_is_left_out(screens):
    dataset = screens["cell"]
    table = read_examples(dataset.manifest, "test", threads=1).assign(predicted_response=0.0)
    told = evaluate(dataset.job("test", {}, examples=table)).further()
    rmse, enriched = told
    assert rmse["metric"] == "rmse.response.screen"
    assert enriched["metric"] == "top_decile_enrichment.response.screen"
    assert enriched["value"] == pytest.approx(1)


def test_the_best_drugs_of_a_profile_are_found_by_a_perfect_prediction_alone(screens):
    dataset = screens["cell"]
    table = read_examples(dataset.manifest, "test", threads=1)
    learnt = read_examples(dataset.manifest, "train", threads=1)
    levels = table["molecule_id"].map(learnt.groupby("molecule_id")["response"].mean())
    found = {}
    for name, said in (("truth", table["response"]), ("levels", levels), ("reversed", -table["response"])):
        items = evaluate(dataset.job("test", {}, examples=table.assign(predicted_response=said))).items(NONE)
        found[name] = ranked_best(items, learnt)
    assert found["truth"].mean() > 2
    assert found["levels"].tolist() == pytest.approx([1] * table["profile_id"].nunique())
    assert found["reversed"].mean() < 0.7
    assert len(ranked_best(items, learnt[:0])) == 0
