"""The files a scored run leaves behind."""

import json

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.scoring import further_metric
from seqmill.errors import InputError
from seqmill.evaluation.metrics import score, score_means, score_strata, write_curves, write_metrics
from seqmill.origin import content_digest

COUNTS = tuple(f"{kind}_{level}" for level in ("allele", "genotype", "exact") for kind in ("tp", "fp", "fn"))

NAMES = {"run": "net/seed-1", "experiment": "net", "seed": 1, "dataset": "demo", "dataset_digest": "ab12"}


def items(rows):
    """Give a scored table from (item, cell, kind, depth) rows; the levels agree."""
    columns = {
        name: np.array([int(name.startswith(kind)) for _, _, kind, _ in rows], np.int8) for name in COUNTS
    }
    keys, cells, _, depths = zip(*rows, strict=True)
    return pd.DataFrame({"item": np.array(keys, np.uint64), "cell": cells, "depth": depths, **columns})


TABLE = items(
    [
        (1, "clean.snp", "tp", "00-09"),
        (2, "clean.snp", "tp", "10-19"),
        (3, "clean.snp", "fn", "00-09"),
        (4, "clean.indel", "fp", ""),
    ]
)


def test_scores_each_cell_level_and_measure():
    scored = {row["metric"]: row for row in score(TABLE, replicates=50)}
    assert scored["recall.exact.clean.snp"]["value"] == pytest.approx(2 / 3)
    assert scored["f1.genotype.clean.snp"]["value"] == pytest.approx(4 / 5)
    assert scored["precision.allele.clean.indel"]["value"] == 0
    assert scored["f1.allele.clean.snp"]["n"] == 3
    assert scored["f1.allele.clean.snp"]["low"] <= 4 / 5 <= scored["f1.allele.clean.snp"]["high"]


def test_undefined_measures_are_left_out():
    names = {row["metric"] for row in score(TABLE, replicates=50)}
    assert "recall.allele.clean.indel" not in names
    assert "precision.allele.clean.indel" in names


def test_only_allele_f1_is_primary():
    primary = [row["metric"] for row in score(TABLE, replicates=50) if row["primary"]]
    assert primary == ["f1.allele.clean.indel", "f1.allele.clean.snp"]


def test_strata_leave_out_items_without_a_value():
    rows = [row for row in score_strata(TABLE, replicates=50) if row["level"] == "allele"]
    assert [(row["cell"], row["stratum"], row["value"], row["tp"], row["fn"]) for row in rows] == [
        ("clean.snp", "depth", "00-09", 1, 1),
        ("clean.snp", "depth", "10-19", 1, 0),
    ]
    assert rows[0]["f1"] == pytest.approx(2 / 3)


def test_written_file_holds_names_metrics_and_extras(tmp_path):
    path = tmp_path / "run" / "metrics.json"
    extra = [further_metric("calibration.temperature", 1.3, n=100)]
    write_metrics(path, TABLE, **NAMES, extra=extra, replicates=50)
    content = json.loads(path.read_text())
    assert {key: content[key] for key in NAMES} == NAMES
    assert content["metrics"][-1] == {
        "metric": "calibration.temperature",
        "value": 1.3,
        "low": None,
        "high": None,
        "n": 100,
        "primary": False,
    }
    assert len(content["strata"]) == 6


def test_row_order_does_not_matter(tmp_path):
    write_metrics(tmp_path / "a.json", TABLE, **NAMES, replicates=50)
    write_metrics(tmp_path / "b.json", TABLE.sample(frac=1, random_state=1), **NAMES, replicates=50)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_missing_columns_are_named_and_nothing_is_written(tmp_path):
    path = tmp_path / "metrics.json"
    with pytest.raises(InputError, match=r"metrics\.json: no column fn_exact; found item"):
        write_metrics(path, TABLE.drop(columns="fn_exact"), **NAMES)
    assert list(tmp_path.iterdir()) == []


def test_curves_file(tmp_path):
    path = tmp_path / "curves.json"
    write_curves(path, precision_recall=[{"cell": "c"}])
    content = json.loads(path.read_text())
    assert content.pop("lineage")["nodes"][-1]["digest"] == content_digest(content)
    assert content == {"precision_recall": [{"cell": "c"}], "calibration": None}


def test_the_mean_over_cells_has_the_interval_of_the_mean():
    rng = np.random.default_rng(5)
    n = 60
    table = pd.DataFrame(
        {
            "item": np.arange(2 * n, dtype=np.uint64),
            "cell": ["a"] * n + ["b"] * n,
            "score_x": rng.random(2 * n),
            "label_x": np.tile([0, 1], n),
            "block": np.tile(np.arange(n, dtype=np.uint64), 2),
        }
    )
    each = {row["metric"]: row for row in score(table, replicates=200)}
    mean = {row["metric"]: row for row in score_means(table, replicates=200)}
    assert set(mean) == {"mean_auroc.x", "mean_auprc.x"}
    found = mean["mean_auroc.x"]
    assert found["value"] == pytest.approx(np.mean([each[f"auroc.x.{cell}"]["value"] for cell in "ab"]))
    widths = [each[f"auroc.x.{cell}"]["high"] - each[f"auroc.x.{cell}"]["low"] for cell in "ab"]
    assert 0.4 * np.mean(widths) < found["high"] - found["low"] < np.mean(widths)
    assert not found["primary"]


def test_a_measure_that_a_cell_lacks_has_no_mean():
    table = pd.DataFrame(
        {"item": np.arange(4, dtype=np.uint64), "cell": list("aabb"), "score_x": 0.5, "label_x": [0, 1, 0, 0]}
    )
    assert not [row for row in score_means(table, replicates=20) if row["metric"] == "mean_auroc.x"]
    assert score_means(table[:0], replicates=20) == []
