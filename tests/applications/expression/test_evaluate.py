"""Levels scored against what was observed, with species apart."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from seqmill.applications.expression.evaluate import LevelScorer, evaluate
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score, score_strata
from tests.applications.expression import planted

NONE = OperatingPoints([])


@pytest.fixture
def job(dataset):
    table = read_examples(dataset.manifest, "test", threads=1)
    noise = np.random.default_rng(1).normal(0, 0.8, len(table))
    table = table.assign(predicted_level=table["level"] + noise)
    return dataset.job("test", {}, examples=table, threads=1)


def test_measures_are_those_of_scipy_and_scikit_learn(job):
    items = evaluate(job).items(NONE)
    check_items(items, name="items")
    assert len(items) == planted.ROWS["c3"]
    said, seen = job.examples["predicted_level"], job.examples["level"].astype(float)
    found = {row["metric"]: row for row in score(items, replicates=100)}
    assert found["pearson.level.leaf"]["value"] == pytest.approx(stats.pearsonr(said, seen).statistic)
    assert found["spearman.level.leaf"]["value"] == pytest.approx(stats.spearmanr(said, seen).statistic)
    assert found["r2.level.leaf"]["value"] == pytest.approx(r2_score(seen, said))
    assert found["r2.level.leaf"]["low"] < found["r2.level.leaf"]["value"] < found["r2.level.leaf"]["high"]


def test_species_are_strata(job):
    rows = score_strata(evaluate(job).items(NONE), replicates=100)
    assert {row["value"] for row in rows if row["stratum"] == "group"} == {"oat", "rye"}
    (rye,) = [row for row in rows if row["value"] == "rye"]
    own = job.examples[job.examples["group"] == "rye"]
    assert rye["pearson"] == pytest.approx(stats.pearsonr(own["predicted_level"], own["level"]).statistic)


def test_without_groups_there_is_no_stratum(job):
    job.examples["group"] = ""
    assert "stratum_group" not in LevelScorer(job, job.examples["predicted_level"]).items(NONE)


def test_one_promoter_in_several_samples_is_drawn_as_one(job):
    examples = job.examples
    examples.loc[1, ["contig", "start", "strand"]] = examples.loc[0, ["contig", "start", "strand"]]
    block = evaluate(job).items(NONE)["block"]
    assert block[0] == block[1] and block.nunique() == len(block) - 1
