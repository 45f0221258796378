"""Paired differences with planted outcomes, and the step-down test by hand."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from seqmill.comparison.paired import Difference, compare, holm, verdict, write_paired
from seqmill.comparison.runs import load_callers
from seqmill.evaluation.bootstrap import Resampled


@pytest.fixture
def differences(study):
    return compare(load_callers(study.runs, study.baselines))


def pick(differences, a, b, level="allele"):
    return [one for one in differences if (one.a, one.b, one.level) == (a, b, level)]


def test_every_model_meets_every_baseline_and_every_other_model(differences):
    pairs = list(dict.fromkeys((one.a, one.b, one.against_baseline) for one in differences))
    assert pairs == [
        ("fair", "caller", True),
        ("fair", "scalars", True),
        ("good", "caller", True),
        ("good", "scalars", True),
        ("fair", "good", False),
    ]
    assert len(differences) == 5 * 3 * 3


def test_planted_outcomes_are_found(differences):
    assert {one.verdict for one in pick(differences, "good", "caller")} == {"above"}
    assert {one.verdict for one in pick(differences, "good", "scalars")} == {"tie"}
    assert {one.verdict for one in pick(differences, "fair", "scalars")} == {"below"}


def test_value_is_the_difference_of_seed_means(differences):
    one = pick(differences, "good", "caller")[0]
    assert one.value == pytest.approx((594 / 597 + 592 / 596) / 2 - 540 / 590)
    assert one.low < one.value < one.high


def test_large_differences_stand_after_correction_and_ties_never(differences):
    assert all(one.firm for one in pick(differences, "good", "caller"))
    assert not any(one.firm for one in pick(differences, "good", "scalars"))


@pytest.mark.parametrize(
    ("replicates", "expected"),
    [([0.1, 0.2, 0.3], "above"), ([-0.3, -0.2], "below"), ([-0.1, 0.2], "tie"), ([0.0, 0.0], "tie")],
)
def test_verdict(replicates, expected):
    assert verdict(Resampled(float(np.mean(replicates)), np.array(replicates), 5)) == expected


def test_holm_by_hand():
    base = Difference("a", "b", True, "c", "allele", 0.1, 0.05, 0.15, "above", 0.0)
    judged = holm([replace(base, p=p) for p in (0.04, 0.001, 0.03, 0.012)])
    assert [one.firm for one in judged] == [False, True, False, True]


def test_table_on_disk(differences, tmp_path):
    write_paired(tmp_path / "paired.tsv", differences)
    with open(tmp_path / "paired.tsv") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == len(differences)
    assert list(rows[0]) == ["a", "b", "level", "cell", "value", "low", "high", "verdict", "p", "firm"]
    assert rows[0]["firm"] in ("true", "false")
    assert float(rows[0]["value"]) == pytest.approx(differences[0].value, rel=1e-4)
