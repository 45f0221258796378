"""Windows ranked for each factor, in each condition."""

from dataclasses import replace

import numpy as np
import pytest

from seqmill.applications.scoring import OperatingPoints
from seqmill.applications.tf_binding.evaluate import BLOCK, BindingScorer, bound_of, evaluate
from seqmill.applications.tf_binding.spec import BOUND, UNKNOWN
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score
from tests.applications.tf_binding import planted

NONE = OperatingPoints([])
PEAKS = planted.CONTIGS["c3"] // planted.EVERY


@pytest.fixture
def job(dataset):
    table = read_examples(dataset.manifest, "test", threads=1)
    return dataset.job("test", {}, examples=table, threads=1)


def rows(items):
    return {row["metric"]: row for row in score(items, replicates=50)}


def test_labels_score_one_in_each_condition(job):
    truth = (bound_of(job, "test") == BOUND).astype(float)
    items = BindingScorer(job, truth).items(NONE)
    check_items(items, name="items")
    assert items["item"].is_unique
    found = rows(items)
    for condition, n in (("shuffled", PEAKS // 2 + PEAKS), ("other_factors", PEAKS)):
        for factor in planted.MOTIFS:
            row = found[f"auroc.{factor}.chip.{condition}"]
            assert (row["value"], row["n"]) == (1, n)
    assert found["auprc.BBB2.chip.gc_matched"]["value"] == 1
    assert found["auroc.AAA1.chip.shuffled"]["primary"]
    assert not found["auroc.BBB2.chip.shuffled"]["primary"]


def test_each_condition_is_a_factors_peaks_against_one_kind_of_window(job):
    kinds, truth = job.examples["kind"].to_numpy(), bound_of(job, "test")
    scores = np.random.default_rng(1).normal(size=truth.shape)
    found = rows(BindingScorer(job, scores).items(NONE))
    against = {
        "shuffled": kinds == "shuffled",
        "gc_matched": kinds == "gc_matched",
        "other_factors": kinds == "peak",
    }
    for name, those in against.items():
        own = scores[truth[:, 1] == BOUND, 1]
        beside = scores[those & (truth[:, 1] == 0), 1]
        wanted = (own[:, None] > beside).mean()
        assert found[f"auroc.BBB2.chip.{name}"]["value"] == pytest.approx(wanted)


def test_what_nobody_knows_is_not_scored(job, monkeypatch):
    truth = bound_of(job, "test").copy()
    truth[:30, 0] = UNKNOWN
    monkeypatch.setattr("seqmill.applications.tf_binding.evaluate.bound_of", lambda *_: truth)
    items = BindingScorer(job, np.zeros(truth.shape)).items(NONE)
    inside = items[items["cell"] == "chip.shuffled"]
    kinds = job.examples["kind"].to_numpy()
    wanted = (truth[:, 0] == BOUND) | ((truth[:, 0] == 0) & (kinds == "shuffled"))
    assert inside["label_AAA1"].notna().sum() == wanted.sum()


def test_a_peak_and_its_shuffles_are_drawn_together(job):
    items = BindingScorer(job, np.zeros((len(job.examples), 2))).items(NONE)
    assert items["block"].nunique() <= planted.CONTIGS["c3"] // BLOCK
    assert items["block"].nunique() > planted.CONTIGS["c3"] // BLOCK - 2


def test_a_model_is_scored_by_its_logits(job):
    truth = (bound_of(job, "test") == BOUND).astype(float)
    table = job.examples.assign(logit_0=truth[:, 0], logit_1=-truth[:, 1])
    found = rows(evaluate(replace(job, examples=table)).items(NONE))
    assert found["auroc.AAA1.chip.shuffled"]["value"] == 1
    assert found["auroc.BBB2.chip.shuffled"]["value"] == 0
