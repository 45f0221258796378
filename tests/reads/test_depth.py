"""Depth and insert sizes, against a count base by base through pysam."""

import numpy as np
import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.reads import depth
from seqmill.reads.depth import coverage
from tests.reads.alignments import read, write_bam
from tests.reads.sequencing import CONTIGS

LENGTH = 60
CIGARS = st.sampled_from(["10M", "4M2D6M", "3M4I3M", "2S8M", "5M20N5M", "4=1X5=", "3H4M1D1I5M2S"])


def bases(cigar):
    return sum(count for operation, count in pysam_tuples(cigar) if operation in (0, 1, 4, 7, 8))


def pysam_tuples(cigar):
    record = pysam.AlignedSegment()
    record.cigarstring = cigar
    return record.cigartuples


def counted(path, contig, length):
    """Depth of each base, by walking the blocks of each usable read."""
    found = np.zeros(length, int)
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle.fetch(contig):
            if not record.flag & 0xF04:
                for start, end in record.get_blocks():
                    found[start:end] += 1
    return found


@settings(max_examples=40)
@given(
    drawn=st.lists(
        st.tuples(st.integers(0, 30), CIGARS, st.sampled_from([0, 0, 0, 16, 256, 512, 1024, 2048]))
    )
)
def test_depth_is_that_of_the_blocks(tmp_path_factory, drawn):
    reads = [
        read(f"r{number}", start, cigar, "A" * bases(cigar), flag=flag)
        for number, (start, cigar, flag) in enumerate(drawn)
    ]
    path = write_bam(tmp_path_factory.mktemp("depth") / "a.bam", {"c": LENGTH}, reads)
    expected = counted(path, "c", LENGTH)
    found = coverage(path, "c", LENGTH)
    assert found.depths.tolist() == np.bincount(expected, minlength=256).tolist()
    assert found.bases == expected.sum()
    assert found.reads == sum(not flag & 0xF04 for _, _, flag in drawn)


@pytest.mark.parametrize("window", [100, 999, 4096])
def test_windows_do_not_matter(staged_bam, monkeypatch, window):
    whole = coverage(staged_bam, "chr1", CONTIGS["chr1"])
    monkeypatch.setattr(depth, "_WINDOW", window)
    parts = coverage(staged_bam, "chr1", CONTIGS["chr1"])
    assert (parts.reads, parts.bases) == (whole.reads, whole.bases)
    assert np.array_equal(parts.depths, whole.depths)
    assert np.array_equal(parts.inserts, whole.inserts)


def test_inserts_are_the_fragments(staged_bam, pairs):
    found = sum(coverage(staged_bam, contig, length).inserts for contig, length in CONTIGS.items())
    sizes = [pair.end - pair.start for pair in pairs]
    expected = np.bincount(sizes, minlength=len(found))
    # a pair drawn twice at one place is a duplicate
    assert np.abs(found - expected).sum() <= 3


def test_last_bins_take_what_is_more(tmp_path):
    deep = [read(f"r{number}", 0, "10M", "A" * 10) for number in range(300)]
    found = coverage(write_bam(tmp_path / "a.bam", {"c": 20}, deep), "c", 20)
    assert (found.depths[0], found.depths[255]) == (10, 10)
    assert found.bases == 3000
