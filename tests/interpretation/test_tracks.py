"""Tracks and instances as files."""

import numpy as np
import pyBigWig

from seqmill.interpretation.regions import Windows
from seqmill.interpretation.tracks import Instance, write_contributions, write_instances


def test_overlapping_windows_are_averaged(tmp_path):
    windows = Windows(
        contigs=["a", "b", "a"],
        starts=np.array([4, 0, 5]),
        backward=np.array([False, True, False]),
        codes=np.zeros((3, 2), np.uint8),
        counts={},
    )
    values = np.array([[1, 2], [5, 6], [4, -1]], np.float32)
    write_contributions(tmp_path / "c.bw", windows, values, contigs={"b": 20, "x": 5, "a": 10})
    with pyBigWig.open(str(tmp_path / "c.bw")) as track:
        assert track.chroms() == {"b": 20, "x": 5, "a": 10}
        assert track.intervals("a") == ((4, 5, 1.0), (5, 6, 3.0), (6, 7, -1.0))
        assert track.intervals("b") == ((0, 1, 6.0), (1, 2, 5.0))


def test_instances_are_sorted_bed(tmp_path):
    def one(start: int, p: float) -> Instance:
        return Instance(
            contig="a", start=start, end=start + 3, motif="m", strand="-", bits=7.5, p=p, contribution=0.25
        )

    write_instances(tmp_path / "i.bed", [one(9, 1e-5), one(2, 1e-200)])
    assert (tmp_path / "i.bed").read_text() == (
        "a\t2\t5\tm\t1000\t-\t7.50\t1e-200\t0.25\na\t9\t12\tm\t50\t-\t7.50\t1e-05\t0.25\n"
    )
