"""Scores of bases by hand: windows of one labelled base, and stretches of genes."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, ScoreJob
from seqmill.applications.splicing import evaluate as stage
from seqmill.applications.splicing.evaluate import SiteScorer, evaluate
from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED, NONE

POINTS = OperatingPoints(
    [
        OperatingPoint(kind="donor", coverage=1, quality=0.5),
        OperatingPoint(kind="acceptor", coverage=1, quality=0.4),
    ]
)


def job_of(sites, *, span, samples=None, strand=None):
    n = len(sites)
    samples = samples or ["s"] * n
    examples = pd.DataFrame(
        {
            "example_id": np.arange(n, dtype=np.uint64),
            "sample": samples,
            "contig": "c",
            "start": np.arange(n) * 100,
            "strand": np.array(strand or [1] * n, np.int8),
        }
    )
    payload = {"sites": np.array(sites, np.uint8)}
    plan = {
        "options": {"span": span},
        "samples": {name: {"condition": f"of_{name}"} for name in set(samples)},
    }
    return ScoreJob(
        plan=plan,
        split="test",
        lineage={},
        reads={},
        examples=examples,
        read=lambda split, names: (examples, payload),
    )


def scorer_of(job, donor, acceptor):
    return SiteScorer(job, {"donor": np.array(donor, float), "acceptor": np.array(acceptor, float)})


def test_a_window_is_right_where_the_class_above_its_threshold_is_the_label():
    sites = [[DONOR], [DONOR], [NONE], [ACCEPTOR], [ACCEPTOR], [NONE]]
    scorer = scorer_of(
        job_of(sites, span=1),
        [[0.6], [0.4], [0.55], [0.5], [0.1], [0.1]],
        [[0.1], [0.1], [0.1], [0.7], [0.45], [0.3]],
    )
    items = scorer.items(POINTS)
    assert items["value_accuracy"].tolist() == [1, 0, 0, 1, 1, 1]
    assert list(items.columns)[6] == "value_accuracy"
    assert [sweep.goal for sweep in scorer.sweeps()] == ["accuracy", "accuracy"]
    assert {sweep.cell for sweep in scorer.sweeps()} == {"of_s.donor", "of_s.acceptor"}
    assert scorer.threshold("of_s.acceptor", POINTS) == 0.4


def test_a_class_that_the_split_does_not_hold_is_never_called():
    scorer = scorer_of(job_of([[DONOR], [NONE]], span=1), [[0.9], [0.1]], [[0.95], [0.95]])
    items = scorer.items(POINTS)
    assert items["value_accuracy"].tolist() == [1, 1]
    assert not any("acceptor" in name for name in items)


def test_bases_of_genes_stand_at_their_places_on_either_strand():
    sites = [[NONE, DONOR, MASKED], [ACCEPTOR, NONE, NONE]]
    scorer = scorer_of(job_of(sites, span=3, strand=[1, -1]), np.zeros((2, 3)), np.zeros((2, 3)))
    items = scorer.items(POINTS)
    assert list(zip(items["start"], items["strand"], strict=True)) == [
        (0, "+"),
        (1, "+"),
        (102, "-"),
        (101, "-"),
        (100, "-"),
    ]
    assert "value_accuracy" not in items
    assert len(set(items["item"])) == 5


def test_the_best_k_are_counted_in_each_condition():
    sites = [[DONOR, NONE], [DONOR, NONE], [DONOR, NONE]]
    scorer = scorer_of(
        job_of(sites, span=2, samples=["a", "a", "b"]), [[3, 2], [1, 0], [0, 0]], np.zeros((3, 2))
    )
    items = scorer.items(POINTS)
    found = items[items["label_donor"] == 1]["value_topk_donor"].tolist()
    assert found == [1, 0, 0.5]  # of b two bases share the score of the only site


def test_of_many_bases_without_a_site_some_are_drawn_and_all_are_told(monkeypatch):
    monkeypatch.setattr(stage, "MOST_NONE", 50)
    rng = np.random.default_rng(1)
    sites = np.where(rng.random((20, 30)) < 0.05, DONOR, NONE)
    scores = rng.random((20, 30)) + (sites == DONOR)
    scorer = scorer_of(job_of(sites, span=30), scores, np.zeros((20, 30)))
    items = scorer.items(POINTS)
    assert (items["label_donor"] == 1).sum() == (sites == DONOR).sum()
    assert (items["label_donor"] == 0).sum() == 50
    other = scorer_of(job_of(sites, span=30), -scores, np.zeros((20, 30))).items(POINTS)
    assert set(items["item"]) == set(other["item"])
    (told,) = scorer.further()
    assert told["metric"] == "auprc_of_all_bases.donor.of_s"
    assert told["n"] == 600
    order = np.argsort(-scores, axis=None)
    hits = (sites == DONOR).ravel()[order]
    precision = np.cumsum(hits) / np.arange(1, 601)
    assert told["value"] == pytest.approx(precision[hits].mean())


def test_outputs_of_a_model_are_read_in_the_order_of_bases():
    job = job_of([[DONOR, NONE]], span=2)
    table = job.examples.assign(donor_0=0.9, donor_1=0.1, acceptor_0=0.0, acceptor_1=0.2)
    items = evaluate(ScoreJob(**{**vars(job), "examples": table})).items(POINTS)
    assert items["score_donor"].tolist() == [0.9, 0.1]
