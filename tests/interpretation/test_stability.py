"""Ranks and overlaps of three seeds by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from seqmill.interpretation.stability import feature_table, stability_table, write_tsv

NAMES = [("x", "a"), ("x", "b"), ("y", "a"), ("y", "c")]
FOUND = {
    name: SimpleNamespace(importance=np.array(importance, float), slope=np.array(slope, float))
    for name, importance, slope in [
        ("seed-1", [4, 3, 2, 1], [1, -1, 1, 0.5]),
        ("seed-2", [4, 2, 3, 0], [2, 0.1, 1, -0.1]),
        ("seed-3", [1, 4, 2, 2], [3, -2, 1, -0.1]),
    ]
}


def test_features_are_ordered_by_their_mean_importance():
    rows = feature_table(NAMES, FOUND)
    assert [(row["block"], row["feature"]) for row in rows] == [
        ("x", "a"),
        ("x", "b"),
        ("y", "a"),
        ("y", "c"),
    ]
    first, second = rows[:2]
    assert (first["importance"], first["best_rank"], first["worst_rank"]) == (3, 1, 4)
    assert first["importance_sd"] == pytest.approx(np.sqrt(2))
    assert (second["slope"], second["same_sign"]) == (pytest.approx(-2.9 / 3), 2)


def test_seeds_are_held_against_each_other_and_chance():
    rows = stability_table(FOUND, top=2)
    assert [(row["first"], row["second"]) for row in rows] == [
        ("seed-1", "seed-2"),
        ("seed-1", "seed-3"),
        ("seed-2", "seed-3"),
    ]
    assert rows[0]["spearman"] == pytest.approx(0.8)
    assert (rows[0]["shared_of_top"], rows[0]["shared_by_chance"]) == (1, 1)


def test_half_of_the_features_are_the_top_at_most_and_one_seed_has_no_pair():
    assert {row["top"] for row in stability_table(FOUND, top=20)} == {2}
    assert stability_table({"seed-1": FOUND["seed-1"]}, top=2) == []


def test_a_table_says_what_it_is_for(tmp_path):
    write_tsv(tmp_path / "t.tsv", [{"a": 1, "b": 0.5}], note="research")
    assert (tmp_path / "t.tsv").read_text() == "# research\na\tb\n1\t0.5\n"
    write_tsv(tmp_path / "empty.tsv", [], note="research")
    assert (tmp_path / "empty.tsv").read_text() == "# research\n"
