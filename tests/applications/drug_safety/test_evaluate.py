"""Areas task by task against scikit-learn, over the labels that are there; one class ranks nothing."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from seqmill.applications.drug_safety.evaluate import evaluate
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score, score_means

NONE = OperatingPoints([])


@pytest.fixture
def world(safety):
    table = read_examples(safety.manifest, "test", threads=1)
    said = np.random.default_rng(3).random((len(table), 3))
    columns = {f"probability_{at}": said[:, at] for at in range(3)}
    return table, said, evaluate(safety.job("test", {}, examples=table.assign(**columns)))


def test_each_task_is_ranked_over_its_own_labels(world):
    table, said, scorer = world
    items = scorer.items(NONE)
    check_items(items, name="items")
    assert items["item"].is_unique
    found = {row["metric"]: row["value"] for row in score(items, replicates=20)}
    areas = []
    for at, task in enumerate(("chlorine", "nitrile")):
        known = table[task].notna()
        labels = table.loc[known, task]
        areas.append(roc_auc_score(labels, said[known, at]))
        assert found[f"auroc.toxic.assays.{task}"] == pytest.approx(areas[-1])
        expected = average_precision_score(labels, said[known, at])
        assert found[f"auprc.toxic.assays.{task}"] == pytest.approx(expected)
    assert scorer.averages_cells
    means = {row["metric"]: row for row in score_means(items, replicates=20)}
    assert means["mean_auroc.toxic"]["value"] == pytest.approx(np.mean(areas))


def test_a_task_of_one_class_is_told_and_not_ranked(world):
    table, _, scorer = world
    assert "assays.same" not in set(scorer.items(NONE)["cell"])
    (told,) = scorer.further()
    assert (told["metric"], told["value"]) == ("one_class.assays.same", table["same"].notna().sum())


def test_where_no_task_can_be_ranked_there_are_no_items(safety):
    table = read_examples(safety.manifest, "test", threads=1)
    columns = {name: 0.0 for name in ("chlorine", "nitrile", *(f"probability_{at}" for at in range(3)))}
    scorer = evaluate(safety.job("test", {}, examples=table.assign(**columns)))
    assert not len(scorer.items(NONE))
    assert len(scorer.further()) == 3


def test_rows_of_one_group_are_drawn_together(safety):
    table = read_examples(safety.manifest, "test", threads=1)
    columns = {f"probability_{at}": 0.5 for at in range(3)}
    grouped = table.assign(group=["a", "b"] * (len(table) // 2) + ["a"] * (len(table) % 2), **columns)
    items = evaluate(safety.job("test", {}, examples=grouped)).items(NONE)
    assert items["block"].nunique() == 2
