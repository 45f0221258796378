"""Label report and read reports as the page shows them."""

import xml.etree.ElementTree as ElementTree

import pytest

from seqmill.comparison.inputs import depth_shares, in_time, label_view, reads_view, spark, truth_counts


def test_splits_in_the_order_of_use():
    assert in_time(["test", "validation", "train", "probe"]) == ["train", "probe", "validation", "test"]


def test_truth_by_kind_and_reason():
    counts = {
        "truth_reached.snp": 90,
        "truth_reached.indel": 8,
        "truth_missed.snp.no_candidate": 2,
        "other": 5,
    }
    assert truth_counts({"counts": counts}) == ({"snp": 90, "indel": 8}, {"snp.no_candidate": 2})


def test_label_view(study):
    view = label_view(study.manifest, study.labels)
    assert view["classes"] == ["absent", "heterozygous", "homozygous"]
    assert [(split["name"], split["rows"], split["samples"]) for split in view["splits"]] == [
        ("train", "48,000", "ada, bo"),
        ("validation", "6,000", "dee"),
        ("test", "9,500", "eve"),
    ]
    assert view["truth"] == "98.00 % of 1,000 truth alleles"
    assert [(reason["name"], reason["count"], reason["share"]) for reason in view["reasons"]] == [
        ("reached", "980", 98.0),
        ("missed, no candidate", "15", 75.0),
        ("missed, no reads", "5", 25.0),
    ]
    assert view["others"] == [("ambiguous", "12")]


def test_classes_that_are_numbers_carry_the_labels_name(study):
    labels = study.labels | {"classes": {"train": {"0": 5, "1": 3}}}
    assert label_view(study.manifest, labels)["classes"] == ["copies 0", "copies 1"]


def test_read_view(make):
    report = make.read_report("ada", 30) | {"contig_mismatches": ["chrM"]}
    (row,) = reads_view([report])
    assert (row["reads_shown"], row["mapped_shown"], row["duplicates_shown"]) == (
        "81,000",
        "98.91 %",
        "2.84 %",
    )
    assert (row["depth_shown"], row["insert_shown"], row["mismatches"]) == ("30.0", "398 bp", "chrM")


def test_single_reads_have_no_insert_size(make):
    (row,) = reads_view([make.read_report("ada", 30) | {"insert_size": None}])
    assert row["insert_shown"] == "\N{EN DASH}"


def test_depth_shares_sum_to_one_and_lose_only_the_tail():
    shares = depth_shares({"depth_histogram": [1000, 3000, 6000, *[0] * 200]})
    assert shares == pytest.approx([0.1, 0.3, 0.6])
    assert depth_shares({}) == []


def test_spark_is_a_closed_curve_on_a_common_scale():
    path = ElementTree.fromstring(spark([0.0, 1.0, 0.5], 5)).find("path").get("d")
    assert path == "M0 22 L0.0 22.0 L28.0 0.0 L56.0 11.0 L56.0 22Z"
    assert spark([], 5) == ""
