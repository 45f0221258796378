"""Paired differences with planted outcomes, and the step-down test by hand."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from seqmill.comparison.paired import COLUMNS, apart, compare, together, write_paired
from seqmill.comparison.runs import load_callers
from seqmill.evaluation.bootstrap import Resampled
from seqmill.evaluation.multiplicity import holm


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
def test_apart(replicates, expected):
    none = Resampled(0.0, np.zeros(len(replicates)), 5)
    assert apart(Resampled(float(np.mean(replicates)), np.array(replicates), 5), none) == expected


def test_all_differences_of_a_measure_are_judged_together(differences):
    for level in ("allele", "genotype", "exact"):
        judged = [one for one in differences if one.level == level]
        np.testing.assert_allclose([one.p_holm for one in judged], holm([one.p for one in judged]))


def test_verdicts_that_do_not_stand_the_correction_are_not_firm(differences):
    loose = together([replace(one, p=0.04) for one in pick(differences, "good", "caller")])
    assert [one.p_holm for one in loose] == pytest.approx([0.12] * 3)
    assert not any(one.firm for one in loose)


def test_table_on_disk(differences, tmp_path):
    write_paired(tmp_path / "paired.tsv", differences)
    with open(tmp_path / "paired.tsv") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == len(differences)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["firm"] in ("true", "false")
    assert float(rows[0]["value"]) == pytest.approx(differences[0].value, rel=1e-4)
    assert (rows[0]["test"], rows[0]["scale"], rows[0]["seeds_a"], rows[0]["seeds_b"]) == (
        *("bootstrap", "h"),
        *("2", "1"),
    )
