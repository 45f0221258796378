"""Skipped stretches and the strands of tags, by hand; `test_junctions.py` draws them."""

import pytest

from seqmill.reads.reader import AlignmentReader
from seqmill.reads.skips import find_skips, spliced, tag_strands
from tests.reads.generated import consumed, write_lines


def columns_of(folder, *reads):
    lines = [
        "\t".join(
            ["r", str(flag), "chr1", "11", "60", cigar, "*", "0", "0", "A" * consumed(cigar), "*", *tags]
        )
        for cigar, flag, tags in reads
    ]
    with AlignmentReader(write_lines(folder / "a.bam", lines)) as reader:
        return reader.columns("chr1", 0, 10_000)


def test_each_stretch_has_what_is_aligned_up_to_its_neighbours(tmp_path):
    columns = columns_of(tmp_path, ("9M", 0, []), ("2S4M20N1D3M2I2=30N1X4M3H", 0, []), ("5M7N5M", 0, []))
    assert spliced(columns).tolist() == [False, True, True]
    found = find_skips(columns, 1, 1000, 0)
    assert found.row.tolist() == [1, 1, 2]
    assert found.start.tolist() == [14, 40, 15] and found.end.tolist() == [34, 70, 22]
    assert found.overhang.tolist() == [4, 5, 5]
    less = find_skips(columns, 8, 25, 5)
    assert (len(less.row), less.short_intron, less.long_intron, less.short_anchor) == (0, 1, 1, 1)


@pytest.mark.parametrize(
    ("tags", "flag", "strand"),
    [
        ([], 0, 0),
        (["XS:A:+"], 16, 1),
        (["XS:A:-"], 0, -1),
        (["XS:A:?"], 0, 0),
        (["XS:i:43"], 0, 0),
        (["ts:A:+"], 0, 1),
        (["ts:A:+"], 16, -1),
        (["ts:A:-"], 16, 1),
        (["XS:i:43", "ts:A:-"], 0, -1),
        (["XS:A:+", "ts:A:-"], 0, 1),
    ],
)
def test_tags_tell_the_strand(tmp_path, tags, flag, strand):
    assert tag_strands(columns_of(tmp_path, ("9M", flag, tags))).tolist() == [strand]
