"""Alignments as users hand them over: what is wrong is said before anything runs."""

import shutil

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.reads.ready import ready_alignments

CONTIGS = {"chr1": 500, "chr2": 300}


@pytest.fixture
def reference(tmp_path):
    path = tmp_path / "reference.fa"
    path.write_text("".join(f">{name}\n{'ACGTA' * (size // 5)}\n" for name, size in CONTIGS.items()))
    return Reference(path)


def write(path, *, contigs=CONTIGS, starts=(10, 40, 90)):
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": name, "LN": size} for name, size in contigs.items()]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for start in starts:
            read = pysam.AlignedSegment(handle.header)
            read.query_name, read.reference_id, read.reference_start = f"r{start}", 0, start
            read.cigarstring, read.query_sequence = "5M", "ACGTA"
            read.query_qualities = pysam.qualitystring_to_array("IIIII")
            handle.write(read)
    return path


def test_a_missing_index_is_built_and_said(reference, tmp_path, capsys):
    path = write(tmp_path / "a.bam")
    with ready_alignments(path, reference) as usable, pysam.AlignmentFile(str(usable)) as handle:
        assert usable == path
        assert [read.query_name for read in handle.fetch("chr1", 41, 42)] == ["r40"]
    assert (tmp_path / "a.bam.bai").is_file()
    assert capsys.readouterr().err == f"note: {path}: no index, building one\n"
    with ready_alignments(path, reference):
        assert capsys.readouterr().err == ""


def test_where_the_folder_cannot_be_written_the_index_is_elsewhere(reference, tmp_path, monkeypatch):
    path = write(tmp_path / "a.bam")

    def refuse(target):
        raise PermissionError(13, "denied", str(target))

    monkeypatch.setattr("seqmill.reads.ready.atomic_path", refuse)
    with ready_alignments(path, reference) as usable, pysam.AlignmentFile(str(usable)) as handle:
        assert usable != path and handle.has_index()
    assert not usable.exists() and not (tmp_path / "a.bam.bai").exists()


def test_unsorted_reads_are_refused(reference, tmp_path):
    path = write(tmp_path / "a.bam", starts=(90, 10))
    with (
        pytest.raises(InputError, match=r"a\.bam: not sorted by coordinate.*sort it"),
        ready_alignments(path, reference),
    ):
        pass
    assert not (tmp_path / "a.bam.bai").exists()


def test_a_truncated_file_is_refused(reference, tmp_path):
    path = write(tmp_path / "a.bam")
    shutil.copy(path, tmp_path / "whole.bam")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="no whole BAM"), ready_alignments(path, reference):
        pass


def test_a_missing_file_and_another_format_are_refused(reference, tmp_path):
    with pytest.raises(InputError, match="no such file"), ready_alignments(tmp_path / "b.bam", reference):
        pass
    (tmp_path / "c.bam").write_text("not reads\n")
    with pytest.raises(InputError, match="no whole BAM"), ready_alignments(tmp_path / "c.bam", reference):
        pass


def test_other_names_and_lengths_are_told(reference, tmp_path):
    path = write(tmp_path / "a.bam", contigs={"1": 500, "2": 300})
    with (
        pytest.raises(InputError, match=r"--rename-contigs chr .*'seqmill reads' has that option"),
        ready_alignments(path, reference),
    ):
        pass
    path = write(tmp_path / "b.bam", contigs={"chr1": 499})
    with (
        pytest.raises(InputError, match="'chr1' has 499 bases, wanted 500"),
        ready_alignments(path, reference),
    ):
        pass
