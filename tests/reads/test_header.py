"""Headers against pysam, and damaged ones."""

from pathlib import Path

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.bgzf import BgzfReader
from seqmill.reads.header import read_header


def written(path: Path, content: bytes) -> Path:
    with pysam.BGZFile(str(path), "w") as handle:
        handle.write(content)
    return path


def test_contigs_equal_pysam(tmp_path: Path) -> None:
    lines = [{"SN": f"contig_{k}", "LN": 100 + k} for k in range(9_000)]
    path = tmp_path / "a.bam"
    with pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}, "SQ": lines}):
        pass
    with BgzfReader(path) as reader:
        found = read_header(reader)
    assert found.contigs == {line["SN"]: line["LN"] for line in lines}
    assert found.size == len(pysam.BGZFile(str(path)).read())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"BAM\2" + bytes(8), "found another format"),
        (b"BAM\1" + b"\xff" * 8, "found -1 bytes of header text"),
        (b"BAM\1" + bytes(4) + b"\5\0\0\0", "the end of the file after 12 inflated bytes"),
        (b"BAM\1" + bytes(4) + b"\xff\xff\xff\xff", "found -1 contigs"),
    ],
)
def test_damaged_headers_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with BgzfReader(written(tmp_path / "a.bam", content)) as reader:
        with pytest.raises(InputError, match=rf"a\.bam: header.*{message}.*samtools quickcheck"):
            read_header(reader)
