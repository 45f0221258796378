"""What a delivered alignment file is found to be."""

import shutil
import subprocess

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.alignments import inspect
from seqmill.reads.samtools import samtools


@pytest.fixture
def bam(staged_bam, tmp_path):
    """A copy of the staged BAM, without its index."""
    return shutil.copy(staged_bam, tmp_path / "copy.bam")


def rewrite(source, target, change):
    """Write a BAM again under a changed header."""
    with pysam.AlignmentFile(str(source)) as reads:
        header = reads.header.to_dict()
        change(header)
        with pysam.AlignmentFile(str(target), "wb", header=header) as handle:
            for read in reads:
                handle.write(read)
    return target


def test_staged_bam(staged_bam):
    found = inspect(staged_bam)
    assert not found.is_cram
    assert found.contigs == {"chr1": 9000, "chr2": 5000}
    assert found.samples == {"ada"}
    assert found.duplicates_marked
    assert not found.says_unsorted
    assert found.index == staged_bam.with_name("ada.bam.bai")


def test_cram(staged_bam, fasta, tmp_path):
    path = tmp_path / "ada.cram"
    samtools("view", "-C", "-T", fasta, "-o", path, staged_bam)
    assert inspect(path).is_cram


def test_index_is_found_under_both_names_unless_outdated(bam, staged_bam):
    assert inspect(bam).index is None
    index = shutil.copy(f"{staged_bam}.bai", bam.with_name("copy.bai"))
    assert inspect(bam).index == index
    subprocess.run(["touch", "-d", "2001-01-01", index], check=True)
    assert inspect(bam).index is None


@pytest.mark.parametrize(
    ("program", "marked"),
    [
        ({"ID": "MarkDuplicates", "PN": "MarkDuplicates"}, True),
        ({"ID": "x", "PN": "samtools", "CL": "samtools markdup a b"}, True),
        ({"ID": "bwa", "PN": "bwa"}, False),
    ],
)
def test_marked_by_a_program_in_the_header(bam, tmp_path, program, marked):
    path = rewrite(bam, tmp_path / "other.bam", lambda header: header.update(PG=[program]))
    assert inspect(path).duplicates_marked == marked


def test_marked_by_a_flag(bam, tmp_path):
    path = tmp_path / "flag.bam"
    with pysam.AlignmentFile(str(bam)) as reads:
        header = reads.header.to_dict()
        header.pop("PG")
        with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
            for number, read in enumerate(reads):
                read.is_duplicate = number == 5
                handle.write(read)
    assert inspect(path).duplicates_marked


def test_several_samples(bam, tmp_path):
    groups = [{"ID": "1", "SM": "ada"}, {"ID": "2", "SM": "bo"}]
    path = rewrite(bam, tmp_path / "two.bam", lambda header: header.update(RG=groups))
    with pytest.raises(InputError, match=r"holds the reads of 2 samples \(ada, bo\), wanted one"):
        inspect(path)


@pytest.mark.parametrize("kept", [0.5, 0.99])
@pytest.mark.parametrize("kind", ["bam", "cram"])
def test_truncated(bam, fasta, tmp_path, kept, kind):
    whole = tmp_path / f"whole.{kind}"
    samtools("view", "-b" if kind == "bam" else "-C", "-T", fasta, "-o", whole, bam)
    data = whole.read_bytes()
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(InputError, match=rf"cut\.{kind}: truncated or damaged"):
        inspect(path)


def test_damaged_in_the_middle(bam):
    data = bytearray(bam.read_bytes())
    data[len(data) // 2] ^= 0xFF
    bam.write_bytes(data)
    with pytest.raises(InputError, match="truncated or damaged"):
        inspect(bam)


def test_end_marker_missing(bam):
    bam.write_bytes(bam.read_bytes()[:-28])
    with pytest.raises(InputError, match="truncated or damaged"):
        inspect(bam)


def test_other_files(tmp_path, fasta, paired_fastq):
    with pytest.raises(InputError, match="no such alignment file"):
        inspect(tmp_path / "none.bam")
    empty = tmp_path / "empty.bam"
    empty.write_bytes(b"")
    for path in (fasta, paired_fastq[0], empty):
        with pytest.raises(InputError, match="wanted BAM or CRAM"):
            inspect(path)
