"""Sites scored against reads and against planted levels."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.methylation.baselines import reads
from seqmill.applications.methylation.evaluate import BLOCK, SiteScorer, evaluate
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score

NONE = OperatingPoints([])


@pytest.fixture
def job(dataset):
    return dataset.job("test", {}, examples=read_examples(dataset.manifest, "test", threads=1), threads=1)


def observed(job):
    return job.examples[["level_6mA", "level_5mC"]].to_numpy(float)


def scores(scorer):
    return {row["metric"]: row for row in score(scorer.items(NONE), replicates=50)}


def test_what_the_reads_tell_scores_one_against_them(job):
    scorer = SiteScorer(job, observed(job))
    items = scorer.items(NONE)
    check_items(items, name="items")
    assert items["item"].is_unique
    assert items.groupby("block")["start"].apply(lambda at: at.max() - at.min()).max() < BLOCK
    rows = scores(scorer)
    for mark in ("6mA", "5mC"):
        assert rows[f"auprc.{mark}.clean"]["value"] == 1
        assert rows[f"pearson.{mark}.clean"]["value"] == pytest.approx(1)
        assert rows[f"auprc.{mark}_truth.clean"]["value"] > 0.95
    assert rows["pearson.6mA.clean"]["primary"]
    assert [row["value"] for row in scorer.further()] == [0.0, 0.0]


def test_a_mark_is_scored_where_it_can_be(job):
    items = SiteScorer(job, observed(job)).items(NONE)
    adenines = items["stratum_context"] == "other"
    assert items.loc[adenines, "observed_5mC"].isna().all()
    assert items.loc[~adenines, "observed_6mA"].isna().all()
    assert items.loc[adenines, "label_6mA"].isin([0, 1]).all()
    assert set(items["stratum_context"]) == {"CpG", "CHG", "CHH", "other"}
    assert items.loc[items["stratum_context"] != "CHG", "label_5mC_truth"].sum() == 0  # CCWGG is CHG


def test_predictions_of_a_model_are_read_in_the_order_of_the_marks(job, dataset):
    table = job.examples.assign(predicted_level_0=0.1, predicted_level_1=observed(job)[:, 1])
    rows = scores(evaluate(dataset.job("test", {}, examples=table, threads=1)))
    assert rows["auprc.5mC.clean"]["value"] == 1
    share = (job.examples["level_6mA"] >= 0.5).sum() / (job.examples["coverage_6mA"] > 0).sum()
    assert rows["auprc.6mA.clean"]["value"] == pytest.approx(share)


def test_reads_are_a_bound_against_planted_levels_alone(job):
    rows = scores(reads(job))
    assert {name.split(".")[1] for name in rows} == {"6mA_truth", "5mC_truth"}
    assert reads(job).further() == []


def test_planted_levels_are_those_of_the_motif(job, world):
    items = SiteScorer(job, observed(job)).items(NONE)
    codes = world.codes["t1"]
    text = "".join("ACGT"[code] for code in codes)
    forward = items[(items["strand"] == "+") & items["observed_6mA_truth"].notna()]
    planted = pd.Series([text[at - 1 : at + 3] == "GATC" for at in forward["start"]], index=forward.index)
    np.testing.assert_allclose(forward["observed_6mA_truth"], np.where(planted, 0.95, 0.02))
