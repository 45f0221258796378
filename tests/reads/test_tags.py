"""Tags against pysam."""

from pathlib import Path

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.tags import find_tag, integer_at, tag_array, tag_text
from tests.reads.generated import write_lines

LINES = [
    "a\t0\tchr1\t10\t60\t4M\t*\t0\t0\tACGT\tIIII\tNM:i:3\tXB:B:s,-1,2\tMM:Z:C+m,0;\tML:B:C,200\tXF:f:1.5",
    "b\t0\tchr1\t11\t60\t4M\t*\t0\t0\tACGT\tIIII",
]


def test_tags_equal_pysam(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.bam", LINES)
    with AlignmentReader(path) as reader, pysam.AlignmentFile(str(path)) as handle:
        found = reader.columns("chr1", 0, 100)
        for row, record in enumerate(handle.fetch("chr1")):
            for tag in ("MM", "ML", "XB", "NM", "XF", "ZZ"):
                assert (find_tag(found, row, tag.encode()) >= 0) == record.has_tag(tag)
            if record.has_tag("MM"):
                assert tag_text(found, row, b"MM") == record.get_tag("MM")
                for tag in ("ML", "XB"):
                    assert np.array_equal(tag_array(found, row, tag.encode()), record.get_tag(tag))
    assert tag_text(found, 1, b"MM") is None and tag_array(found, 1, b"ML") is None
    assert tag_text(found, 0, b"NM") is None and tag_array(found, 0, b"MM") is None


def test_damaged_tags_are_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.bam", LINES[:1])
    with AlignmentReader(path) as reader:
        found = reader.columns("chr1", 0, 100)
    found.buffer[find_tag(found, 0, b"XB") + 2 :][:4] = 255
    with pytest.raises(InputError, match=r"read 'a'.*damaged tags"):
        find_tag(found, 0, b"ML")


@pytest.mark.parametrize("value", [0, 127, 255, 65_535, 4_000_000_000, -1, -128, -32_768, -2_000_000_000])
def test_integers_are_read_in_the_type_that_holds_them(tmp_path: Path, value: int) -> None:
    path = write_lines(tmp_path / "a.bam", [f"{LINES[1]}\tXI:i:{value}\tXA:A:c"])
    with AlignmentReader(path) as reader:
        found = reader.columns("chr1", 0, 100)
    assert integer_at(found.buffer, find_tag(found, 0, b"XI"), 7) == value
    assert integer_at(found.buffer, find_tag(found, 0, b"XA"), 7) == 7
