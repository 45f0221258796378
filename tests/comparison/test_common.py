"""Runs of two datasets on what both have."""

import pandas as pd
import pytest

from seqmill.comparison.common import on_common_items
from seqmill.comparison.runs import load_callers
from seqmill.errors import InputError


def two_datasets(make, tmp_path, first, second):
    folders = [
        make.run(tmp_path / name, items, experiment=name, seed=1, digest=name)
        for name, items in (("old", first), ("new", second))
    ]
    return load_callers(folders, several_datasets=True)


def test_truth_of_both_and_false_calls_of_each_are_kept(make, tmp_path):
    old, new = make.items([0, 1], 4), make.items([2], 6)
    callers, common = on_common_items(
        two_datasets(make, tmp_path, old.query("item % 10000 < 200 or item % 10000 >= 300"), new)
    )
    assert common.items == 3 * 200
    assert common.of_each == {"old": ("demo", 600), "new": ("demo", 900)}
    by_name = {caller.name: caller.runs[0] for caller in callers}
    key = ("clean.10x.snp", "allele", "f1")
    assert by_name["old"].resampled[key].value == pytest.approx(2 * 198 / (2 * 198 + 4 + 2))
    assert by_name["new"].resampled[key].value == pytest.approx(2 * 199 / (2 * 199 + 6 + 1))


def test_false_calls_outside_the_common_places_are_dropped(make, tmp_path):
    shared, own = make.items([], 3), make.items([], 3)
    own["contig"], shared["contig"] = "c9", "c3"
    own["item"] += 5_000
    old = pd.concat([shared, own], ignore_index=True)
    callers, common = on_common_items(two_datasets(make, tmp_path, old, shared))
    assert common.items == 900
    for caller in callers:
        assert set(caller.runs[0].items["contig"]) == {"c3"}
        assert caller.runs[0].resampled["clean.10x.snp", "allele", "precision"].value == pytest.approx(
            300 / 303
        )


def test_metrics_and_strata_are_those_of_the_common_items(make, tmp_path):
    old, new = make.items([0, 1], 0), make.items([2], 0).query("item % 10000 < 100")
    callers, _ = on_common_items(two_datasets(make, tmp_path, old, new))
    run = next(caller.runs[0] for caller in callers if caller.name == "old")
    recall = next(row for row in run.scored["metrics"] if row["metric"] == "recall.allele.clean.10x.snp")
    assert (recall["value"], recall["n"]) == (0.98, 100)
    assert run.curves == {}
    assert {row["tp"] + row["fn"] for row in run.scored["strata"]} == {50}


def test_nothing_in_common_is_refused_naming_both(make, tmp_path):
    other = make.items([2], 0)
    other["item"] += 100_000
    with pytest.raises(
        InputError, match=r"no item is in common to the datasets demo \(new\) and demo \(old\)"
    ):
        on_common_items(two_datasets(make, tmp_path, make.items([1], 0), other))
