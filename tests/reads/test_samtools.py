"""samtools in this process: output caught or written, failures in one line."""

import pytest

from seqmill.errors import SeqmillError
from seqmill.reads.samtools import samtools


def test_output_is_caught(staged_bam):
    assert samtools("view", "-c", staged_bam) == "600\n"


def test_output_goes_into_a_file(staged_bam, tmp_path, capfd):
    samtools("view", "-b", "-o", tmp_path / "copy.bam", staged_bam)
    samtools("flagstat", staged_bam, into=tmp_path / "counts.txt")
    assert samtools("view", "-c", tmp_path / "copy.bam") == "600\n"
    assert (tmp_path / "counts.txt").read_text().startswith("600 + 0 in total")
    assert capfd.readouterr().out == ""


def test_failure_is_one_line(tmp_path, capfd):
    with pytest.raises(SeqmillError, match=r"^samtools view: .*none\.bam.*No such file or directory$"):
        samtools("view", "-c", tmp_path / "none.bam")
    assert capfd.readouterr().err == ""
