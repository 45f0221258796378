"""The report's tables: headings, rows, and the little drawings' places."""

import pytest

from seqmill.comparison.leaderboard import rank
from seqmill.comparison.paired import compare
from seqmill.comparison.runs import cells_of, load_callers
from seqmill.comparison.strata import compare_strata
from seqmill.comparison.tables import board, paired_table, strata_table


@pytest.fixture
def callers(study):
    return load_callers(study.runs, study.baselines)


def test_board(callers):
    order = cells_of(callers)
    table = board(rank(callers, "allele", "f1"), order, level="allele", measure="f1")
    assert [(heading, [cell["leaf"] for cell in cells]) for heading, cells in table["groups"]] == [
        ("snp · clean", ["10x"]),
        ("snp · noisy", ["30x"]),
        ("indel · clean", ["10x"]),
    ]
    assert table["column"] == {cell: 2 + index for index, cell in enumerate(order)}
    assert [(row["name"], row["note"]) for row in table["rows"]] == [
        ("scalars", "baseline, 1 seed"),
        ("good", "2 seeds"),
        ("fair", "2 seeds"),
        ("caller", "baseline"),
    ]
    good = table["rows"][1]["entries"][0]
    assert good["value"] == "0.9941"
    assert good["seeds"] == ".9933\N{EN DASH}.9950"


def test_drawings_stay_inside_and_in_order(callers):
    table = board(rank(callers, "allele", "f1"), cells_of(callers), level="allele", measure="f1")
    for row in table["rows"]:
        for entry in row["entries"]:
            assert 0 <= entry["left"] <= entry["at"] <= entry["right"] <= 100
    best, worst = table["rows"][0]["entries"][0], table["rows"][-1]["entries"][0]
    assert worst["right"] < best["left"]


def test_a_cell_a_caller_lacks_is_empty(callers):
    rows = rank(callers, "allele", "f1")
    table = board(rows, [*cells_of(callers), "else.where.snp"], level="allele", measure="f1")
    assert {row["entries"][-1]["value"] for row in table["rows"]} == {""}


def test_paired_table(callers):
    table = paired_table(compare(callers), cells_of(callers), level="allele", measure="f1")
    rows = {(row["a"], row["b"]): row for row in table["rows"]}
    assert len(rows) == 5
    assert [rows["good", "caller"][name] for name in ("above", "tie", "below")] == [3, 0, 0]
    entry = rows["good", "caller"]["entries"][0]
    assert (entry["verdict"], entry["sign"], entry["firm"]) == ("above", "▲", True)
    assert entry["zero"] < entry["left"] < entry["at"] < entry["right"]
    assert "fewer errors on" in entry["hover"]


def test_strata_that_stand_are_listed_surest_first(callers):
    pairs = {(pair["a"], pair["b"]): pair for pair in strata_table(compare_strata(callers), level="allele")}
    won = pairs["good", "caller"]
    assert won["tested"] == 4
    assert {row["verdict"] for row in won["rows"]} == {"above"}
    assert len(won["rows"]) == 4
    assert pairs["good", "scalars"]["rows"] == []
