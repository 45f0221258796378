"""Links under a pseudonym keep what a file is, and nothing of its name."""

import pytest

from seqmill.privacy.links import ending_of, staged_ending, unnamed


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("Mary.Major.fastq.gz", ".fastq.gz"),
        ("Mary.bam", ".bam"),
        ("Mary.Major", ""),
        ("Mary.vcf.bgz", ".vcf.bgz"),
        ("Mary.bed", ".bed"),
    ],
)
def test_endings_that_could_be_names_are_left_out(name, ending):
    assert ending_of(f"/clinic/{name}") == ending


def test_variants_are_staged_as_bgzipped_vcf():
    assert [staged_ending(name) for name in ("a.vcf", "a.bcf", "a.bed.gz")] == [
        ".vcf.gz",
        ".vcf.gz",
        ".bed.gz",
    ]


def test_files_and_their_indexes_are_reached_by_other_names(tmp_path):
    for name in ("Mary.bam", "Mary.bam.bai", "Major.cram", "Major.crai"):
        (tmp_path / name).write_text(name)
    with unnamed([tmp_path / "Mary.bam", tmp_path / "Major.cram"], "p1") as links:
        assert [link.name for link in links] == ["p1.1.bam", "p1.2.cram"]
        assert [link.read_text() for link in links] == ["Mary.bam", "Major.cram"]
        beside = {path.name: path.read_text() for path in links[0].parent.iterdir()}
        assert beside["p1.1.bam.bai"] == "Mary.bam.bai" and beside["p1.2.cram.crai"] == "Major.crai"
    assert not links[0].parent.exists() and (tmp_path / "Mary.bam").is_file()
