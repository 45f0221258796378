"""Tables of places read back by htslib."""

import gzip

import pysam
import pytest

from seqmill.genome.indexed_bed import write_indexed_bed


def test_what_is_written_is_found_by_place(tmp_path):
    path = tmp_path / "a.bed.gz"
    write_indexed_bed(path, ["#contig\tstart\tend\n", "c1\t5\t9\tx\nc1\t7\t8\ty\n", "c2\t0\t3\tz\n"])
    assert gzip.open(path, "rt").read().splitlines()[0] == "#contig\tstart\tend"
    with pysam.TabixFile(str(path)) as handle:
        assert (list(handle.header), handle.contigs) == (["#contig\tstart\tend"], ["c1", "c2"])
        assert list(handle.fetch("c1", 8, 9)) == ["c1\t5\t9\tx"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.bed.gz", "a.bed.gz.tbi"]


def test_a_table_that_fails_leaves_nothing(tmp_path):
    def lines():
        yield "c1\t5\t9\n"
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError):
        write_indexed_bed(tmp_path / "a.bed.gz", lines())
    assert list(tmp_path.iterdir()) == []
