"""BAI and CSI indices: long contigs, limits, damage. That spans hold all reads is tested with the reader."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.bai import BamIndex, Span, find_index
from seqmill.reads.reader import AlignmentReader
from tests.reads.alignments import read, write_bam
from tests.reads.oracle import fetched, rows_of


def test_contigs_beyond_the_reach_of_bai(tmp_path: Path) -> None:
    header = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": "long", "LN": 900_000_000}]})
    path = tmp_path / "a.bam"
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for at in (5, 100_000, 600_000_000, 600_030_000, 899_999_000):
            line = f"r{at}\t0\tlong\t{at}\t60\t5M\t*\t0\t0\tACGTA\t*"
            handle.write(pysam.AlignedSegment.fromstring(line, header))
    pysam.index("-c", str(path))
    with AlignmentReader(path) as reader:
        for start, end in [(0, 10), (599_999_000, 600_020_000), (0, 900_000_000), (700_000_000, 900_000_000)]:
            assert rows_of(reader.columns("long", start, end)) == fetched(path, "long", start, end)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    reads = [read(f"r{k}", 37 * k, "5M", "ACGTA") for k in range(3_000)]
    return write_bam(tmp_path / "a.bam", {"chr1": 200_000, "chr2": 1_000}, reads)


def test_spans_are_few_sorted_and_apart(path: Path) -> None:
    index = BamIndex(find_index(path))
    for start in range(0, 111_000, 7_000):
        spans = index.spans(0, start, start + 9_000)
        assert spans and all(one.begin < one.end for one in spans)
        assert all(one.end >> 16 < two.begin >> 16 for one, two in pairwise(spans))
    assert index.spans(0, 50, 50) == index.spans(1, 0, 1_000) == index.spans(9, 0, 10) == []
    assert isinstance(index.spans(0, 0, 10)[0], Span)


def test_a_region_that_bai_cannot_tell_apart_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match=r"536,870,912 bases.*CSI"):
        BamIndex(find_index(path)).spans(0, 0, 600_000_000)


@pytest.mark.parametrize("csi", [False, True])
def test_damage_gives_an_error_or_an_index(path: Path, tmp_path: Path, csi: bool) -> None:
    if csi:
        Path(f"{path}.bai").unlink()
        pysam.index("-c", str(path))
    place = find_index(path)
    content = place.read_bytes()
    if csi:
        with pysam.BGZFile(str(place)) as handle:
            content = handle.read()
    whole, draw = np.frombuffer(content, np.uint8), np.random.default_rng(2)
    damaged = tmp_path / "damaged.bai"
    refused = 0
    for _ in range(150):
        changed = whole.copy()
        changed[draw.integers(0, len(changed), 2)] = draw.integers(0, 256, 2)
        changed[: len(changed) - draw.integers(0, 2) * draw.integers(0, len(changed))].tofile(damaged)
        try:
            BamIndex(damaged).spans(0, 0, 100_000)
        except InputError as error:
            refused += "samtools index" in str(error)
    assert refused > 50


def test_reads_with_a_damaged_index_give_an_error_or_reads(path: Path) -> None:
    place, draw = find_index(path), np.random.default_rng(3)
    whole = np.fromfile(place, np.uint8)
    for _ in range(60):
        changed = whole.copy()
        changed[draw.integers(8, len(changed), 3)] ^= draw.integers(0, 256, 3).astype(np.uint8)
        changed.tofile(place)
        try:
            with AlignmentReader(path) as reader:
                assert reader.columns("chr1", 0, 100_000).n <= 3_000
        except InputError:
            pass


def test_the_index_is_found_by_either_name(path: Path) -> None:
    assert find_index(path).name == "a.bam.bai"
    find_index(path).rename(path.with_suffix(".bai"))
    assert find_index(path).name == "a.bai"
    find_index(path).unlink()
    with pytest.raises(InputError, match=r"wanted a\.bam\.bai or a\.bam\.csi"):
        find_index(path)
