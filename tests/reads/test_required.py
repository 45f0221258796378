"""Tags looked for at the beginning of a file."""

import pytest

from seqmill.errors import InputError
from seqmill.reads import required
from seqmill.reads.required import tags_of
from tests.reads.generated import write_lines

PLAIN = "a\t0\tchr1\t10\t60\t4M\t*\t0\t0\tACGT\tIIII"


def test_values_come_from_the_first_name_that_a_read_carries(tmp_path):
    path = write_lines(tmp_path / "a.bam", [PLAIN, f"{PLAIN}\tMm:Z:old\tMM:Z:new", f"{PLAIN}\tMm:Z:old"])
    assert list(tags_of(path, ("MM", "Mm"), wanted="x")) == ["new", "old"]


def test_only_the_first_aligned_reads_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(required, "_LOOKED_AT", 2)
    unaligned = "u\t4\tchr1\t10\t0\t*\t*\t0\t0\tACGT\tIIII\tXM:Z:z"
    path = write_lines(tmp_path / "a.bam", [unaligned, PLAIN, PLAIN, f"{PLAIN}\tXM:Z:z"])
    with pytest.raises(
        InputError, match="none of the first 2 aligned reads carries the tag XM; wanted calls"
    ):
        list(tags_of(path, ("XM",), wanted="calls"))
