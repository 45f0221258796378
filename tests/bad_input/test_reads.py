"""Deliveries of reads that are damaged, out of order or belong to another reference."""

import gzip
import shutil

import pysam
import pytest

from tests.bad_input.conftest import read_bam, write_bam, write_fastq

NOT_BAM = {"empty": b"", "text": b"not reads\n"}
DAMAGES = {
    "end marker missing": lambda content: content[:-28],
    "second half missing": lambda content: content[: len(content) // 2],
    "middle missing": lambda content: content[: len(content) // 2] + content[-28:],
    "byte flipped": lambda content: content[:4000] + bytes([content[4000] ^ 255]) + content[4001:],
}
LINE = 4 * 17  # where read 18 begins
FASTQ_FAULTS = {
    "fewer reads": (lambda lines: lines[:-40], "holds 170 reads and", "holds 180", "the same number in both"),
    "short quality": (
        lambda lines: [*lines[: LINE + 3], "I" * 97, *lines[LINE + 4 :]],
        "read 18 (line 69) 'r17'",
        "quality string has 97 characters, wanted 100",
    ),
    "no Phred+33": (
        lambda lines: [*lines[: LINE + 3], "I" * 99 + "\x1f", *lines[LINE + 4 :]],
        "read 18 (line 69) 'r17'",
        r"'\x1f', wanted Phred+33",
    ),
    "cut inside a record": (lambda lines: lines[:-2], "read 180 ", "found 2 of 4 lines at the end"),
}


def stage(world, *delivered, reference="reference.fa"):
    fixed = ["--sample", "ada", "--reference", world[reference], "--aligner", "mappy"]
    return ["reads", *delivered, *fixed, "--output", "out.bam", "--report", "out.json"]


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_truncated_or_damaged_bam(refused, spoilt, world, change):
    path = spoilt / "ada.bam"
    path.write_bytes(change(world["ada.bam"].read_bytes()))
    refused(stage(world, "--alignments", path), f"{path}: truncated or damaged", "wanted a whole file: copy")


@pytest.mark.parametrize("content", NOT_BAM.values(), ids=NOT_BAM)
def test_a_file_of_another_format(refused, spoilt, world, content):
    path = spoilt / "ada.bam"
    path.write_bytes(content)
    refused(stage(world, "--alignments", path), f"{path}: ", "wanted BAM or CRAM")


def test_a_bam_without_index_gets_one_and_says_so(call, spoilt, world):
    path = spoilt / "ada.bam"
    shutil.copy(world["ada.bam"], path)
    code, printed = call(*stage(world, "--alignments", path))
    assert code == 0, printed
    assert f"note: {path}: has no up-to-date index; one is built" in printed
    with pysam.AlignmentFile("out.bam") as handle:
        assert handle.has_index() and handle.count("chr2") == 60


@pytest.mark.parametrize("order", ["coordinate", "unsorted", None])
def test_an_unsorted_bam(refused, spoilt, world, order):
    path = spoilt / "ada.bam"
    write_bam(path, read_bam(world["ada.bam"])[::-1], order=order)
    refused(
        stage(world, "--alignments", path),
        f"{path}: not sorted by coordinate",
        "wanted sorted alignments; sort it with samtools sort, or add --sort",
    )


@pytest.mark.parametrize(("change", "said"), [(c, s) for c, *s in FASTQ_FAULTS.values()], ids=FASTQ_FAULTS)
def test_a_bad_fastq(refused, spoilt, world, change, said):
    path, mate = spoilt / "R1.fq.gz", world["R2.fq.gz"]
    write_fastq(path, change(gzip.open(world["R1.fq.gz"], "rt").read().splitlines()))
    refused(stage(world, "--fastq", f"{path},{mate}"), str(path), *said, "copy or download it again")


def test_a_fastq_that_is_cut_off(refused, spoilt, world):
    path, mate = spoilt / "R1.fq.gz", world["R2.fq.gz"]
    path.write_bytes(world["R1.fq.gz"].read_bytes()[:1000])
    refused(stage(world, "--fastq", f"{path},{mate}"), f"{path}: ", "cut off", "wanted a whole gzip file")


def test_a_bam_given_as_fastq(refused, world):
    refused(stage(world, "--fastq", world["ada.bam"]), f"{world['ada.bam']}: ", "--alignments")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("nowhere.fa", ("nowhere.fa: there is no such reference",)),
        ("other_build.fa", ("ada.cram: 3 of its contigs, such as 'chr1', have other bases in",)),
        ("ada.bam", ("ada.bam: cannot be read as FASTA",)),
    ],
)
def test_a_cram_without_its_reference(refused, world, reference, said):
    refused(stage(world, "--alignments", world["ada.cram"], reference=reference), *said)


@pytest.mark.parametrize("delivery", ["ada.bam", "ada.cram"])
def test_contigs_of_other_names_are_named_with_the_option_that_maps_them(refused, call, world, delivery):
    command = stage(world, "--alignments", world[delivery], reference="no_prefix.fa")
    refused(
        command,
        f"{world[delivery]}: 3 of its contigs are named otherwise than in {world['no_prefix.fa']}",
        "found 'chr1', 'chr2', 'chr3', wanted '1', '2', '3'; add --rename-contigs nochr",
        "rename_contigs: nochr",
    )
    code, printed = call(*command, "--rename-contigs", "nochr")
    assert code == 0, printed
    with pysam.AlignmentFile("out.bam") as handle:
        assert handle.references == ("1", "2", "3")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path, world: None, "no such"),
        (lambda path, world: path.write_bytes(world["ada.bam"].read_bytes()[:-28]), "cop"),
        (lambda path, world: write_bam(path, read_bam(world["ada.bam"])[::-1]), "sort it"),
    ],
    ids=["missing", "truncated", "unsorted"],
)
def test_examples_of_bad_alignments(refused, spoilt, world, spoil, said):
    path = spoilt / "ada.bam"
    spoil(path, world)
    refused(
        ["examples", "--plan", world["plan.json"], "--sample", "ada", "--batch", 0, "--alignments", path,
         "--read-report", world["ada.json"], "--output", "part.parquet"],
        f"{path}: ",
        said,
    )  # fmt: skip
