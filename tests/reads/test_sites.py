"""Sums over windows with a toy that knows what they have to be."""

import numpy as np
import pytest

from seqmill.reads import sites
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.sites import UNITS, sum_sites
from tests.reads.generated import write_lines


def add_starts(columns, begin, sums, fate):
    """Count the reads that start at a position; those of the reverse strand are three quarters modified."""
    for row in range(columns.n):
        at, strand = columns.start[row] - begin, int(columns.flag[row] & 16 != 0)
        fate[row] = strand
        if 0 <= at < sums.shape[2]:
            sums[:, strand, at] += [1, strand, strand * UNITS * 3 // 4]


@pytest.mark.parametrize("window", [4, 10, 1000])
def test_each_position_and_read_counts_once(tmp_path, monkeypatch, window):
    monkeypatch.setattr(sites, "_WINDOW", window)
    places = [(5, 0), (5, 16), (11, 0), (12, 16), (12, 16), (31, 0)]
    lines = [f"r\t{flag}\tchr1\t{at + 1}\t60\t9M\t*\t0\t0\t{'A' * 9}\t*" for at, flag in places]
    with AlignmentReader(write_lines(tmp_path / "a.bam", lines)) as reader:
        found = sum_sites(reader, "chr1", 8, 31, add=add_starts, fates=("forward", "reverse"), min_mapq=0)
    assert found.position.tolist() == [11, 12] and found.strand.tolist() == [1, -1]
    assert found.coverage.tolist() == [1, 2] and found.modified.tolist() == [0, 2]
    assert np.array_equal(found.probability, [0, 1.5])
    assert found.reads == {"forward": 2, "reverse": 3}
