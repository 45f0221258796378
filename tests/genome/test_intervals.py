import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions, read_bed, region_batches, write_bed

spans = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(0, 20)).map(
        lambda t: Interval(t[0], t[1], t[1] + t[2])
    ),
    max_size=12,
)


def positions(intervals):
    return {(part.contig, position) for part in intervals for position in range(part.start, part.end)}


@given(spans)
def test_regions_hold_the_union(intervals):
    regions = Regions(intervals)
    assert positions(regions) == positions(intervals)
    assert regions.size == len(positions(intervals))
    for contig in regions.contigs:
        assert (regions.starts(contig)[1:] > regions.ends(contig)[:-1]).all()


@given(spans, spans)
def test_intersection_is_that_of_position_sets(first, second):
    assert positions(Regions(first).intersect(Regions(second))) == positions(first) & positions(second)


@given(spans, st.integers(0, 80), st.integers(1, 10))
def test_contains_covers_overlaps(intervals, start, length):
    regions, held = Regions(intervals), positions(intervals)
    asked = [("a", position) in held for position in range(start, start + length)]
    assert regions.contains("a", np.arange(start, start + length)).tolist() == asked
    assert regions.covers("a", start, start + length) == all(asked)
    assert regions.overlaps("a", start, start + length) == any(asked)


def test_an_unknown_contig_holds_nothing():
    regions = Regions([Interval("a", 0, 5)])
    assert not regions.contains("z", np.array([[0, 1]])).any()
    assert not regions.covers("z", 0, 1)


def test_bed_round_trip_plain_and_gzipped(tmp_path):
    regions = Regions([Interval("b", 5, 9), Interval("a", 0, 3), Interval("a", 7, 8)])
    write_bed(tmp_path / "r.bed", regions)
    assert read_bed(tmp_path / "r.bed") == regions
    (tmp_path / "r.bed.gz").write_bytes(gzip.compress((tmp_path / "r.bed").read_bytes()))
    assert read_bed(tmp_path / "r.bed.gz") == regions


def test_bed_headers_and_further_columns_are_skipped(tmp_path):
    path = tmp_path / "r.bed"
    path.write_text("#c\ntrack name=x\nbrowser position\n\na\t1\t4\tname\t0\t+\r\n")
    assert list(read_bed(path)) == [Interval("a", 1, 4)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no region"),
        ("# only a comment\n", "holds no region"),
        ("a\t5\t5\n", "holds no region"),
        ("a\t1\t4\na 1 4\n", "line 2 is 'a 1 4'"),
        ("a\tx\t4\n", "whole numbers"),
        ("a\t9\t4\n", "line 1: 9 to 4"),
    ],
)
def test_bad_bed_is_named(tmp_path, text, message):
    path = tmp_path / "bad.bed"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as error:
        read_bed(path)
    assert str(path) in str(error.value)


def test_batches_by_hand():
    batches = region_batches({"long": 25, "s1": 4, "s2": 5, "s3": 2, "edge": 10}, 10)
    assert [[str(part) for part in batch] for batch in batches] == [
        ["long:0-8"],
        ["long:8-16"],
        ["long:16-25"],
        ["s1:0-4", "s2:0-5"],
        ["s3:0-2"],
        ["edge:0-10"],
    ]


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 99), max_size=6), st.integers(1, 40))
def test_batches_cover_each_base_once_and_keep_the_size(contigs, size):
    batches = region_batches(contigs, size)
    held = [position for batch in batches for position in positions(batch)]
    assert len(held) == len(set(held)) == sum(contigs.values())
    assert all(sum(map(len, batch)) <= size for batch in batches)


def test_batch_size_has_to_be_positive():
    with pytest.raises(InputError, match="0 found"):
        region_batches({"a": 3}, 0)
