import gzip

import numpy as np
import pysam
import pytest

from seqmill.simulate.fastq import fastq_text, lane_paths, pair_writer
from seqmill.simulate.streams import stream


def pairs(count):
    rng = stream(1, "fastq")
    return rng.integers(0, 4, (count, 2, 30)).astype(np.uint8), rng.integers(2, 42, (count, 2, 30)).astype(
        np.uint8
    )


def test_text_of_a_read(encode):
    text = fastq_text("ada.", 7, encode("ACGTN")[None], np.array([[0, 2, 10, 40, 41]], np.uint8))
    assert text.tobytes() == b"@ada.00000007\nACGTN\n+\n!#+IJ\n"


def test_mates_are_read_back_as_written(tmp_path):
    bases, qualities = pairs(50)
    first, second = tmp_path / "a.fastq.gz", tmp_path / "b.fastq.gz"
    with pair_writer(first, second) as writer:
        writer.write("s.c.", 0, bases[:20], qualities[:20])
        writer.write("s.c.", 20, bases[20:], qualities[20:])
    for mate, path in enumerate((first, second)):
        with pysam.FastxFile(str(path)) as reads:
            for row, read in enumerate(reads):
                assert read.name == f"s.c.{row:08d}"
                assert read.sequence == "".join("ACGT"[code] for code in bases[row, mate])
                assert read.get_quality_array().tolist() == qualities[row, mate].tolist()
        assert row == 49


def test_bytes_hold_neither_time_nor_name_and_nothing_is_left_after_an_error(tmp_path):
    bases, qualities = pairs(3)
    for name in ("x", "y"):
        with pair_writer(tmp_path / f"{name}1.gz", tmp_path / f"{name}2.gz") as writer:
            writer.write("s.", 0, bases, qualities)
    assert (tmp_path / "x1.gz").read_bytes() == (tmp_path / "y1.gz").read_bytes()
    assert gzip.open(tmp_path / "x1.gz").read()
    with pytest.raises(RuntimeError), pair_writer(tmp_path / "z1.gz", tmp_path / "z2.gz") as writer:
        writer.write("s.", 0, bases, qualities)
        raise RuntimeError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x1.gz", "x2.gz", "y1.gz", "y2.gz"]


def test_lanes_are_numbered_only_when_there_are_several(tmp_path):
    assert lane_paths(tmp_path, 1) == [(tmp_path / "reads_R1.fastq.gz", tmp_path / "reads_R2.fastq.gz")]
    assert [first.name for first, _ in lane_paths(tmp_path, 2)] == [
        "reads_L1_R1.fastq.gz",
        "reads_L2_R1.fastq.gz",
    ]
