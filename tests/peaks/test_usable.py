"""Each record is used, or counted for one reason."""

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.peaks.usable import write_usable
from tests.reads.generated import write_lines

UNMAPPED, SECONDARY, FAILED, DUPLICATE, SUPPLEMENTARY = 4, 256, 512, 1024, 2048
PROPER, IMPROPER = 99, 65


def line(flag, *, contig="chr1", quality=60):
    return f"r\t{flag}\t{contig}\t10\t{quality}\t5M\t=\t50\t45\tACGTA\tIIIII"


LINES = [
    line(PROPER),
    line(PROPER, quality=30),
    line(0),
    line(IMPROPER),
    line(PROPER, quality=29),
    line(UNMAPPED, quality=0),
    line(UNMAPPED | DUPLICATE),
    line(SECONDARY),
    line(SUPPLEMENTARY | DUPLICATE),
    line(FAILED),
    line(DUPLICATE),
    line(DUPLICATE, contig="chr2"),
    line(PROPER, contig="chr2", quality=0),
]
SHARED = {
    "unmapped": 2,
    "not_primary": 2,
    "failed_quality_check": 1,
    "duplicate": 2,
    "unknown_contig": 1,
    "mapping_quality": 1,
}


@pytest.mark.parametrize(("pairs", "used", "more"), [(False, 4, {}), (True, 2, {"no_proper_pair": 2})])
def test_each_record_is_used_or_counted_for_its_first_reason(tmp_path, pairs, used, more):
    bam, output = write_lines(tmp_path / "all.bam", LINES), tmp_path / "used.bam"
    found = write_usable(bam, output, contigs={"chr1"}, mapping_quality=30, pairs=pairs)
    assert (found.records, found.used, found.dropped) == (len(LINES), used, SHARED | more)
    with pysam.AlignmentFile(str(output)) as handle:
        assert sum(1 for _ in handle.fetch(until_eof=True)) == used


def test_no_read_left_is_an_error_that_says_why(tmp_path):
    bam = write_lines(tmp_path / "all.bam", [line(DUPLICATE), line(0, quality=3)])
    with pytest.raises(InputError, match=r"no read is left.*\(1 duplicate, 1 mapping_quality\)"):
        write_usable(bam, tmp_path / "used.bam", contigs={"chr1"}, mapping_quality=30, pairs=False)
