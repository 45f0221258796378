"""The tag NH in every type that holds it."""

import pytest

from seqmill.errors import InputError
from seqmill.reads.hits import hits
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.tags import find_tag
from tests.reads.generated import write_lines

VALUES = [1, 3, 127, 200, 300, 40_000, 70_000]


def test_hits_are_those_of_the_tag(tmp_path):
    line = "r\t0\tchr1\t10\t60\t4M\t*\t0\t0\tACGT\tIIII"
    lines = [f"{line}\tXA:A:c\tNH:i:{value}" for value in VALUES] + [line, f"{line}\tNH:A:5"]
    with AlignmentReader(write_lines(tmp_path / "a.bam", lines)) as reader:
        columns = reader.columns("chr1", 0, 100)
        assert hits(columns).tolist() == [*VALUES, 0, 0]
        columns.buffer[find_tag(columns, 3, b"NH")] = 1
        with pytest.raises(InputError, match="read 'r': found damaged tags"):
            hits(columns)
