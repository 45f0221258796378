from types import SimpleNamespace

import pytest

from seqmill.errors import InputError
from seqmill.shards.labels import check_limits, label_report

REPORT = {
    "dataset": "toy",
    "rows": {"train": 100, "test": 10},
    "labels": {
        "train": {"copies": {"-1": 3, "0": 50, "1": 40, "2": 7}},
        "test": {"copies": {"0": 8, "1": 2}},
    },
    "counts": {
        "truth_reached.snp": 60,
        "truth_reached.indel": 30,
        "truth_missed.snp.no_reads": 3,
        "truth_missed.indel.no_reads": 7,
        "truth_missed_elsewhere": 50,
    },
    "missed_fraction": 0.1,
}


def test_limits_that_hold_are_silent():
    check_limits(REPORT, {})
    check_limits(REPORT, {"missed_fraction": 0.1, "min_examples": 10, "min_class_examples": 0})


def test_all_violations_are_named_at_once_with_the_reasons_by_count():
    with pytest.raises(InputError) as error:
        check_limits(REPORT, {"missed_fraction": 0.01, "min_examples": 11, "min_class_examples": 3})
    lines = str(error.value).splitlines()
    assert lines[0] == "toy: labels are outside the limits of the configuration:"
    assert lines[1:-1] == [
        "  - missed_fraction: 0.1000 found, at most 0.01 wanted; missed: indel.no_reads 7, snp.no_reads 3",
        "  - min_examples: 10 found in split test, at least 11 wanted",
        "  - min_class_examples: 2 with copies 1 found in split test, at least 3 wanted",
        "  - min_class_examples: 0 with copies 2 found in split test, at least 3 wanted",
    ]


def test_a_dataset_without_truth_has_no_missed_sites():
    check_limits({**REPORT, "missed_fraction": None, "counts": {}}, {"missed_fraction": 0.0})


def test_the_missed_share_is_over_all_kinds_of_truth(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    headers = [SimpleNamespace(counts=REPORT["counts"], classes={}) for _ in range(2)]
    report = label_report(manifest, headers)
    assert report["missed_fraction"] == pytest.approx(10 / 100)
    assert report["counts"]["truth_reached.snp"] == 120
