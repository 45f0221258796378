"""The sample sheet, by hand-written tables."""

from pathlib import Path

import pytest

from seqmill.plan.samples import Sample, missing_files, read_samples
from seqmill.plan.schema import load_schema

SCHEMA = load_schema(Path(__file__).parents[2] / "workflow" / "schemas", "samples")
LABELS = ("truth", "confident")
HEADER = ["sample", "lane", "fastq_1", "fastq_2", "alignments", "truth", "confident", "condition"]


def test_lanes_of_a_sample_are_joined_and_its_labels_may_stand_in_one_row(sheet):
    path = sheet(
        HEADER,
        ["ada", "L1", "1.fq", "2.fq", "", "t.vcf", "c.bed", "clean"],
        ["ada", "L2", "3.fq", "4.fq", "", "", "", "clean"],
        ["bo", "", "5.fq", "", "", "", "", "noisy"],
        ["cy", "", "", "", "cy.cram", "t.vcf", "c.bed", "clean"],
    )
    samples, problems = read_samples(path, SCHEMA, LABELS)
    assert problems == []
    assert list(samples) == ["ada", "bo", "cy"]
    assert samples["ada"] == Sample(
        name="ada",
        condition="clean",
        fastq=(("1.fq", "2.fq"), ("3.fq", "4.fq")),
        labels={"truth": "t.vcf", "confident": "c.bed"},
    )
    assert samples["ada"].paths == ("1.fq", "2.fq", "3.fq", "4.fq", "t.vcf", "c.bed")
    assert samples["bo"].reads == ("5.fq",)
    assert samples["cy"].reads == ("cy.cram",)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [["ada", "L1", "1.fq", "", "", "", "", "c"], ["ada", "L1", "2.fq", "", "", "", "", "c"]],
            "lane L1 is there twice (lines 2, 3)",
        ),
        (
            [["ada", "L1", "1.fq", "", "", "", "", "c"], ["ada", "L2", "1.fq", "", "", "", "", "c"]],
            "1.fq is listed twice",
        ),
        (
            [["ada", "L1", "1.fq", "", "", "t", "", "c"], ["ada", "L2", "2.fq", "", "", "u", "", "c"]],
            "column 'truth' differs between its rows: t, u",
        ),
        (
            [["ada", "", "1.fq", "", "a.bam", "", "", "c"]],
            "fastq_1 and alignments given in line 2, wanted exactly one of fastq_1, alignments, fragments, "
            "regions",
        ),
        (
            [["ada", "", "", "", "", "", "", "c"]],
            "none given in line 2, wanted exactly one of fastq_1, alignments, fragments, regions",
        ),
        ([["ada", "", "", "2.fq", "a.bam", "", "", "c"]], "fastq_2 without fastq_1 in line 2"),
        (
            [["ada", "", "", "", "a.sam", "", "", "c"]],
            "alignments: found 'a.sam', wanted a .bam or .cram file",
        ),
        (
            [["ada", "1", "", "", "a.bam", "", "", "c"], ["ada", "2", "", "", "a.bam", "", "", "c"]],
            "alignments stand in a single row, found 2 (lines 2, 3)",
        ),
    ],
)
def test_mistakes_name_the_sample(sheet, rows, problem):
    path = sheet(HEADER, *rows)
    samples, problems = read_samples(path, SCHEMA, LABELS)
    assert problems == [f"{path}, sample 'ada': {problem}"]
    assert samples == {}


def test_a_row_without_a_condition(sheet):
    path = sheet(HEADER, ["ada", "", "1.fq"])
    assert read_samples(path, SCHEMA, LABELS) == ({}, [f"{path}, line 2: column 'condition' is empty"])


def test_missing_files_but_not_those_a_generator_will_write(tmp_path):
    held = tmp_path / "here.fq"
    held.touch()
    samples = {
        "ada": Sample(
            name="ada",
            condition="c",
            fastq=((str(held), "away.fq"),),
            labels={"truth": "results/d/raw/t.vcf"},
        )
    }
    assert missing_files(samples, generated=Path("results/d/raw")) == ["sample 'ada': away.fq: no such file"]
    assert len(missing_files(samples, generated=None)) == 2


def test_files_at_an_address_are_not_looked_for_on_disk():
    sample = Sample(name="ada", condition="x", alignments="s3://reads/ada.bam", labels={"truth": "t.vcf"})
    assert missing_files({"ada": sample}, generated=None) == ["sample 'ada': t.vcf: no such file"]


def test_fragments_are_reads_too_and_variables_are_filled_in(sheet, monkeypatch):
    monkeypatch.setenv("DEPOT", "/far")
    header = ["sample", "fragments", "condition", "peaks"]
    path = sheet(header, ["ada", "$DEPOT/a.bed", "atac", "${DEPOT}/p.bed"], ["bo", "b.bed", "atac", ""])
    samples, problems = read_samples(path, SCHEMA, ("peaks",))
    assert problems == []
    assert samples["ada"].paths == ("/far/a.bed", "/far/p.bed")
    assert (samples["ada"].kind, samples["bo"].labels) == ("fragments", {})


def test_a_variable_that_is_not_set_is_told(sheet, monkeypatch):
    monkeypatch.delenv("DEPOT", raising=False)
    path = sheet(["sample", "fragments", "condition"], ["ada", "$DEPOT/a.bed", "atac"])
    _, problems = read_samples(path, SCHEMA)
    assert problems == [
        f"{path}, line 2.fragments: the environment variable DEPOT is not set; set it, or write the path"
    ]


def test_labels_of_an_unknown_application_may_be_any_column(sheet):
    path = sheet(["sample", "fragments", "condition", "peaks"], ["ada", "a.bed", "atac", "p.bed"])
    assert read_samples(path, SCHEMA, None)[1] == []
    assert "unknown column 'peaks'" in read_samples(path, SCHEMA)[1][0]


def test_samples_of_profiles_name_no_files(sheet):
    rows = [["sample", "condition", "consent"], ["screen", "gdsc", "research"]]
    samples, problems = read_samples(sheet(*rows), SCHEMA, rows=True)
    assert problems == []
    assert samples["screen"].kind == "rows"
    assert samples["screen"].paths == ()
    rows = [["sample", "condition", "alignments"], ["screen", "gdsc", "a.bam"]]
    _, (problem,) = read_samples(sheet(*rows), SCHEMA, rows=True)
    assert problem.endswith("alignments given in line 2, but the plan of profiles names its files")
