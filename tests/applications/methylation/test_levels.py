"""Levels of several marks out of a few reads, by hand."""

import numpy as np
import pytest

from seqmill.applications.methylation.levels import open_levels
from seqmill.applications.methylation.spec import Options
from tests.reads.generated import write_lines


def line(*tags, bases="AACGCATC", flag=0):
    fields = ["r", flag, "chr1", 11, 60, "8M", "*", 0, 0, bases, "*", *tags]
    return "\t".join(map(str, fields))


def told(tmp_path, lines, **given):
    path = write_lines(tmp_path / "a.bam", lines)
    with open_levels(path, tmp_path / "none.fa", Options(window=3, **given)) as reader:
        found = reader.levels("chr1", 0, 40)
    keys = zip(found.position.tolist(), found.strand.tolist(), strict=True)
    rows = np.concatenate([found.coverage, found.level], axis=1).tolist()
    return dict(zip(keys, rows, strict=True)), found.reads


TWO = [
    line("MM:Z:C+m?,0;A+a?,0;", "ML:B:C,255,25"),  # the C at 12; the A at 10
    line("MM:Z:C+m?,0,0;", "ML:B:C,128,0"),  # the C at 12 and 14
    line("MM:Z:C+m?,0;", "ML:B:C,200", flag=16),  # the last G of the forward strand, at 13
    line(),
]


def test_marks_stand_side_by_side(tmp_path):
    found, reads = told(tmp_path, TWO, marks=("5mC", "6mA"))
    assert {key: row[:2] for key, row in found.items()} == {
        (10, 1): [0, 1],
        (12, 1): [2, 0],
        (13, -1): [1, 0],
        (14, 1): [1, 0],
    }
    assert found[12, 1][2] == pytest.approx((255.5 + 128.5) / 512)
    assert found[10, 1][2:] == pytest.approx([0, 25.5 / 256])
    assert reads == {
        f"reads.{fate}.{mark}": n for mark in ("5mC", "6mA") for fate, n in (("used", 3), ("without_tag", 1))
    }


def test_a_share_of_calls_depends_on_the_threshold(tmp_path):
    for threshold, level in ((0.4, 1.0), (0.6, 0.5)):
        found, _ = told(tmp_path, TWO, marks=("5mC",), labels="calls", threshold=threshold)
        assert found[12, 1] == [2, level]


def test_contexts_of_bisulfite_reads_are_put_together(tmp_path):
    lines = [line("XM:Z:..Z.x..h"), line("XM:Z:..z.X..h")]
    found, _ = told(tmp_path, lines, source="bisulfite")
    assert found == {(12, 1): [2, 0.5], (14, 1): [2, 0.5], (17, 1): [2, 0]}
    found, _ = told(tmp_path, lines, source="bisulfite", contexts=("CpG",))
    assert found == {(12, 1): [2, 0.5]}


def test_a_contig_that_the_file_lacks_has_no_sites(tmp_path):
    path = write_lines(tmp_path / "a.bam", TWO)
    with open_levels(path, tmp_path / "none.fa", Options(window=3)) as reader:
        assert len(reader.levels("chrX", 0, 40).position) == 0
