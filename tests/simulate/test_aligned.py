"""Alignments written in order, with an index."""

import numpy as np
import pysam

from seqmill.simulate.aligned import bases_of, write_alignments


def test_reads_are_sorted_and_indexed(tmp_path):
    places = [("b", 5), ("a", 9), ("a", 2), ("b", 1), ("a", 2)]
    lines = [f"r{k}\t0\t{contig}\t{at}\t60\t4M\t*\t0\t0\tACGT\t*" for k, (contig, at) in enumerate(places)]
    write_alignments(tmp_path / "a.bam", {"a": 50, "b": 50}, lines)
    with pysam.AlignmentFile(str(tmp_path / "a.bam")) as handle:
        assert handle.has_index()
        assert [record.query_name for record in handle.fetch()] == ["r2", "r4", "r1", "r3", "r0"]


def test_codes_have_their_letters():
    assert bases_of(np.array([0, 1, 2, 3, 4], np.uint8)) == "ACGTN"
