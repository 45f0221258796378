"""The leaderboard file and the ranking over callers."""

import csv
import json

import pytest

from seqmill.comparison.leaderboard import rank, write_leaderboard
from seqmill.comparison.runs import load_callers


def test_columns_and_rows_of_the_file(study, tmp_path):
    write_leaderboard(tmp_path / "leaderboard.tsv", load_callers(study.runs, study.baselines))
    with open(tmp_path / "leaderboard.tsv") as handle:
        reader = csv.DictReader(handle, delimiter="\t")
        rows = list(reader)
    assert reader.fieldnames == ["run", "experiment", "seed", "dataset", "metric", "value", "low", "high"]
    metrics = [
        json.loads((folder / "metrics.json").read_text())["metrics"] for folder in study.folders.values()
    ]
    assert len(rows) == sum(map(len, metrics))
    (row,) = (row for row in rows if row["run"] == "good/1" and row["metric"] == "f1.allele.clean.10x.snp")
    assert (row["experiment"], row["seed"], row["dataset"]) == ("good", "1", "demo")
    assert float(row["value"]) == pytest.approx(594 / 597, abs=1e-6)
    assert float(row["low"]) <= float(row["value"]) <= float(row["high"])


def test_a_missing_seed_or_interval_is_empty(study, tmp_path):
    write_leaderboard(tmp_path / "leaderboard.tsv", load_callers(study.runs, study.baselines))
    lines = [line.split("\t") for line in (tmp_path / "leaderboard.tsv").read_text().splitlines()]
    assert {line[2] for line in lines if line[1] == "caller"} == {""}
    assert {tuple(line[6:]) for line in lines if line[4] == "calibration.temperature"} == {("", "")}


def test_callers_are_ranked_by_their_mean_over_cells(study):
    rows = rank(load_callers(study.runs, study.baselines), "allele", "f1")
    assert [row.caller.name for row in rows] == ["scalars", "good", "fair", "caller"]
    assert rows[0].mean == pytest.approx(594 / 597)
    assert [rows[index].entries["clean.10x.snp"].standing for index in range(4)] == ["best", "tied", "", ""]
    assert rows[1].entries["clean.10x.snp"].seeds == pytest.approx((594 / 597, 592 / 596))


def test_callers_equal_to_the_best_are_all_best(study):
    rows = rank(load_callers(study.runs, study.baselines), "allele", "precision")
    assert {row.caller.name for row in rows if row.entries["clean.10x.snp"].standing == "best"} == {
        "good",
        "scalars",
    }


def test_a_caller_that_misses_a_cell_comes_last(study, make, tmp_path):
    partial = make.run(
        tmp_path / "partial",
        make.items([], 0, cells=make.cells[:1]),
        experiment="partial",
        seed=1,
        digest=study.manifest.digest,
    )
    rows = rank(load_callers([*study.runs, partial], study.baselines), "allele", "f1")
    assert rows[-1].caller.name == "partial"
    assert list(rows[-1].entries) == [make.cells[0]]
