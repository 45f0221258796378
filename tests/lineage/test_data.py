"""Lineage of staged reads, parts and datasets."""

from pathlib import Path

import pytest

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.lineage.data import alignments_of, dataset_of, part_of, told_by_report
from seqmill.origin import Node

REFERENCE = Node(kind="reference", name="r.fa", digest="bb", of="bases", path="raw/r.fa")


@pytest.fixture
def files(tmp_path):
    for name in ("a.fq", "a.bam", "truth.vcf", "confident.bed"):
        (tmp_path / name).write_text(name)
    return tmp_path


def staged(files: Path, bam: str = "a.bam") -> Node:
    return alignments_of(files / bam, sample="a", inputs=[(files / "a.fq", "aa")], reference=REFERENCE)


def part(files: Path, batch: int, alignments: Node, truth: str = "truth.vcf") -> Node:
    labels = {"truth": files / truth, "confident": files / "confident.bed"}
    plan = files / "examples.a.json"
    return part_of(sample="a", batch=batch, plan=plan, alignments=alignments, labels=labels)


def test_staged_reads_come_from_what_was_delivered(files):
    node = staged(files)
    assert node.digest == sha256_file(files / "a.bam")
    assert [(one.kind, one.digest) for one in node.parents] == [("reads", "aa"), ("reference", "bb")]


def test_a_link_to_what_was_delivered_is_not_digested_again(files):
    (files / "linked.bam").symlink_to("a.fq")
    assert staged(files, "linked.bam").digest == "aa"


def test_a_part_is_the_same_wherever_it_is_made(files, tmp_path_factory, monkeypatch):
    first = part(files, 3, staged(files)).to_dict()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for path in files.iterdir():
        (elsewhere / path.name).write_text(path.read_text())
    monkeypatch.chdir(elsewhere)
    assert part(elsewhere, 3, staged(elsewhere)).to_dict() == first
    assert str(files) not in str(first)


def test_a_dataset_tells_the_places_that_parts_leave_out(files):
    alignments = staged(files)
    parts = [(files / f"{batch}.parquet", part(files, batch, alignments)) for batch in (1, 0)]
    labels = {"a": {"truth": "in/truth.vcf", "confident": "in/confident.bed", "condition": "x"}}
    node = dataset_of("toys", parts, reports=[alignments], labels=labels, reference=REFERENCE)
    examples, reference = node.parents
    assert reference == REFERENCE
    assert examples.step.command == "seqmill examples --plan examples.a.json --sample a --batch 0..1"
    assert {one.kind: one.path for one in examples.parents} == {
        "alignments": alignments.path,
        "truth": "in/truth.vcf",
        "confident": "in/confident.bed",
    }
    assert {one.name for one in node.walk() if one.kind == "reads"} == {"a.fq"}


def test_parts_of_one_sample_have_the_same_labels(files):
    alignments = staged(files)
    (files / "other.vcf").write_text("other")
    parts = [(Path("0.parquet"), part(files, 0, alignments))]
    parts.append((Path("1.parquet"), part(files, 1, alignments, truth="other.vcf")))
    with pytest.raises(InputError, match=r"1\.parquet: made from truth other\.vcf of sha256 .* 0\.parquet"):
        dataset_of("toys", parts, reports=[], labels={}, reference=REFERENCE)


def test_a_part_of_other_reads_than_the_report_tells_of_is_refused(files):
    parts = [(Path("0.parquet"), part(files, 0, staged(files)))]
    (files / "a.bam").write_text("one read less")
    with pytest.raises(InputError, match=r"0\.parquet: made from alignments a\.bam .* read report of a"):
        dataset_of("toys", parts, reports=[staged(files)], labels={}, reference=REFERENCE)


def test_a_report_without_lineage_still_tells_the_reads():
    report = {"sample": "a", "inputs": [{"name": "a.fq", "sha256": "aa", "bytes": 3}]}
    node = told_by_report(report, source="a.report.json")
    assert [(one.name, one.digest, one.sample) for one in node.parents] == [("a.fq", "aa", "a")]
