"""Strata that win or lose, planted in one of them."""

import csv

import numpy as np
import pandas as pd
import pytest

from seqmill.comparison.runs import load_callers
from seqmill.comparison.strata import COLUMNS, compare_strata, write_strata


@pytest.fixture
def differences(study, make, tmp_path):
    """A caller that misses every other allele of the deeper half, beside a good one."""
    numbers = np.arange(300)
    weak = make.items(numbers[numbers % 4 == 0], 0)
    weak["depth"] = np.where(np.arange(len(weak)) % 2, "00-09", "10-19")
    weak["stratum_kit"] = "v2"
    folder = make.run(tmp_path / "weak", weak, experiment="weak", seed=1, digest=study.manifest.digest)
    found = compare_strata(load_callers([*study.runs[:2], folder]))
    return [one for one in found if one.level == "allele"]


def test_the_planted_stratum_and_no_other(differences):
    assert {(one.a, one.b) for one in differences} == {("good", "weak")}
    verdicts = {(one.group, one.of): (one.verdict, one.firm) for one in differences}
    assert verdicts == {
        ("snp", "00-09"): ("tie", False),
        ("snp", "10-19"): ("above", True),
        ("indel", "00-09"): ("tie", False),
        ("indel", "10-19"): ("above", True),
    }


def test_cells_of_a_group_are_taken_together(differences):
    snp = next(one for one in differences if (one.group, one.of) == ("snp", "10-19"))
    assert snp.n == 300
    assert snp.wins > 100 > snp.losses


def test_a_stratum_that_one_caller_lacks_is_not_tested(differences):
    assert "kit" not in {one.stratum for one in differences}


def test_small_strata_are_left_out(study, make, tmp_path):
    items = make.items([0], 0, truths=16)
    folders = [
        make.run(tmp_path / name, items, experiment=name, seed=1, digest=study.manifest.digest)
        for name in ("one", "two")
    ]
    found = compare_strata(load_callers(folders))
    assert {(one.group, one.n) for one in found} == {("snp", 16)}


def test_table_on_disk(differences, tmp_path):
    write_strata(tmp_path / "strata.tsv", differences)
    table = pd.read_csv(tmp_path / "strata.tsv", sep="\t", quoting=csv.QUOTE_NONE)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 4
    assert set(table["stratum"]) == {"depth"}
