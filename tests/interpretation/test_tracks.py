"""Tracks and instances as files."""

import numpy as np

from seqmill.interpretation.regions import Windows
from seqmill.interpretation.tracks import Instance, write_bedgraph, write_instances


def test_overlapping_windows_are_averaged(tmp_path):
    windows = Windows(
        contigs=["a", "b", "a"], starts=np.array([4, 0, 5]), codes=np.zeros((3, 2), np.uint8), counts={}
    )
    write_bedgraph(tmp_path / "c.bedgraph", windows, np.array([[1, 2], [5, 6], [4, -1]], np.float32))
    assert (tmp_path / "c.bedgraph").read_text().split("\n") == [
        "a\t4\t5\t1",
        "a\t5\t6\t3",
        "a\t6\t7\t-1",
        "b\t0\t1\t5",
        "b\t1\t2\t6",
        "",
    ]


def test_instances_are_sorted_bed(tmp_path):
    def one(start: int, p: float) -> Instance:
        return Instance(
            contig="a", start=start, end=start + 3, motif="m", strand="-", bits=7.5, p=p, contribution=0.25
        )

    write_instances(tmp_path / "i.bed", [one(9, 1e-5), one(2, 1e-200)])
    assert (tmp_path / "i.bed").read_text() == (
        "a\t2\t5\tm\t1000\t-\t7.50\t1e-200\t0.25\na\t9\t12\tm\t50\t-\t7.50\t1e-05\t0.25\n"
    )
