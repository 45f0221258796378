"""Blocks without a variant, against counts base by base."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.blocks import coverage, reference_blocks, reference_quality
from seqmill.applications.small_variants.calls import Call, Candidates
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference


def no_candidates():
    return Candidates(
        contig="q",
        start=np.zeros(0, int),
        ref=[],
        alt=[],
        reads=np.zeros(0, int),
        support=np.zeros(0, int),
        log_probabilities=np.zeros((0, 3)),
    )


def reference(tmp_path, bases):
    path = tmp_path / "reference.fa"
    path.write_text(f">q\n{bases}\n")
    return Reference(path)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20))))
def test_coverage_counts_reads_over_each_base(reads):
    interval = Interval("q", 20, 50)
    starts = np.array([start for start, _ in reads], dtype=np.int32)
    ends = np.array([start + length for start, length in reads], dtype=np.int32)
    expected = [sum(s <= base < e for s, e in zip(starts, ends, strict=True)) for base in range(20, 50)]
    assert coverage(starts, ends, interval).tolist() == expected


def test_each_read_is_worth_three_and_a_candidate_limits():
    interval = Interval("q", 100, 106)
    candidates = Candidates(
        contig="q",
        start=np.array([101, 103]),
        ref=["A", "CAT"],
        alt=["G", "C"],
        reads=np.array([30, 30]),
        support=np.array([2, 1]),
        log_probabilities=np.log([[0.9, 0.09, 0.01], [0.99, 0.009, 0.001]]),
    )
    quality = reference_quality(np.array([0, 30, 4, 30, 30, 60]), candidates, interval)
    assert quality.tolist() == [0, 10, 12, 20, 20, 20]


def test_blocks_split_at_bands_calls_and_unknown_bases(tmp_path):
    interval = Interval("q", 2, 12)
    depth = np.array([0, 0, 5, 5, 30, 30, 30, 30, 30, 1])
    call = Call(
        contig="q",
        start=7,
        ref="AC",
        alts=("A",),
        genotype=(0, 1),
        quality=30.0,
        genotype_quality=30,
        likelihoods=(30, 0, 30),
        depth=30,
        allele_depths=(15, 15),
    )
    blocks = list(
        reference_blocks(
            interval,
            depth,
            reference_quality(depth, no_candidates(), interval),
            calls=[call],
            reference=reference(tmp_path, "TTGACTAACCNGTT"),
        )
    )
    found = [(b.start, b.end, b.ref, b.called, b.genotype_quality, b.min_depth) for b in blocks]
    assert found == [
        (2, 4, "G", False, 0, 0),
        (4, 6, "C", True, 15, 5),
        (6, 7, "A", True, 90, 30),
        (9, 10, "C", True, 90, 30),
        (10, 12, "N", False, 3, 1),
    ]
    assert blocks[1].likelihoods == (0, 15, 100)


@pytest.fixture(scope="module")
def monotonous(tmp_path_factory):
    return reference(tmp_path_factory.mktemp("monotonous"), "A" * 30)


@given(depths=st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_blocks_tile_the_interval(monotonous, depths):
    interval = Interval("q", 0, len(depths))
    depth = np.array(depths)
    quality = reference_quality(depth, no_candidates(), interval)
    blocks = list(reference_blocks(interval, depth, quality, calls=[], reference=monotonous))
    assert [block.start for block in blocks] == [0, *(block.end for block in blocks[:-1])]
    assert blocks[-1].end == len(depths)
    for block in blocks:
        assert block.min_depth == depth[block.start : block.end].min()
        assert block.called == (block.min_depth * 3.0103 >= 10)
