"""Windows scored against what was counted."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.accessibility.evaluate import BLOCK, Said, WindowScorer, evaluate, observed_of
from seqmill.applications.accessibility.windows import Observed
from seqmill.applications.scoring import OperatingPoints, ScoreJob
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score
from tests.applications.accessibility.conftest import SMALL

NONE = OperatingPoints([])


@pytest.fixture
def job(dataset):
    table = read_examples(dataset.manifest, "test", threads=1)
    return dataset.job("test", {}, examples=table, threads=1)


def test_what_was_counted_scores_one_and_reads_as_items(job):
    observed = observed_of(job)
    items = WindowScorer(job, Said(log_counts=np.log1p(observed.counts))).items(NONE)
    check_items(items, name="items")
    assert len(items) == observed.known.sum()
    assert items["item"].is_unique
    assert items["start"].is_monotonic_increasing or len(set(items["start"])) == len(items)
    rows = {row["metric"]: row for row in score(items, replicates=50)}
    assert rows["pearson.log_count.atac"]["value"] == pytest.approx(1)
    assert rows["pearson.log_count.atac"]["primary"]
    assert rows["auroc.open.atac"]["value"] == 1
    assert items.groupby("block")["start"].apply(lambda at: at.max() - at.min()).max() < BLOCK


def test_tracks_are_told_apart_by_what_they_have_more_than_their_mean(dataset):
    """Two samples of one track and one of another, and a window that one of them does not know."""
    plan = dataset.plan | {
        "options": SMALL | {"tracks": ["leaf", "root"]},
        "samples": {name: {"condition": "root" if name == "bo" else "leaf"} for name in ("ada", "ann", "bo")},
    }
    examples = pd.DataFrame({"sample": ["ada", "ann", "bo"], "contig": "c3", "start": 2000})
    counts = np.random.default_rng(1).integers(0, 90, (3, 10))
    known = np.ones((3, 10), bool)
    known[2, 4] = False
    said = np.random.default_rng(2).random((3, 10))
    job = ScoreJob(plan=plan, split="test", lineage={}, reads={}, examples=examples)
    observed = Observed(np.zeros((3, 1100), np.int64), counts, known)
    items = WindowScorer(job, Said(log_counts=said), observed=observed).items(NONE)
    for name, values in (("predicted", said), ("observed", np.log1p(counts))):
        mean = (values[:2].mean(axis=0) + values[2]) / 2
        mean[4] = np.nan
        np.testing.assert_allclose(items[f"{name}_difference"], (values - mean)[known])
    metrics = {row["metric"]: row for row in score(items, replicates=20)}
    assert metrics["pearson.difference.leaf"]["n"] == 18
    assert metrics["pearson.log_count.leaf"]["n"] == 20


def test_a_model_is_scored_by_its_counts_and_its_profile(job, dataset):
    observed = observed_of(job)
    options = dataset.manifest.encoding.options
    bins = (options["span"] + options["window"] - options["stride"]) // 5
    rates = observed.ends.reshape(len(observed.ends), bins, 5).sum(axis=2)
    outputs = {f"log_count_{at}": column for at, column in enumerate(np.log1p(observed.counts).T)}
    with np.errstate(divide="ignore"):
        outputs |= {f"log_rate_{at}": column for at, column in enumerate(np.log(rates).T)}
    table = pd.concat([job.examples, pd.DataFrame(outputs)], axis=1)
    items = evaluate(dataset.job("test", {}, examples=table, threads=1)).items(NONE)
    assert items["value_profile"].notna().any()
    np.testing.assert_allclose(items["value_profile"].dropna(), 1.0)
