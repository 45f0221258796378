"""Decoded columns against pysam, on generated alignments and on real ones."""

from pathlib import Path

import numpy as np
import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.reads.columns import EXCLUDED, read_columns
from tests.reads.alignments import read, write_bam

BASES = "ACGTN"


@st.composite
def an_alignment(draw: st.DrawFn) -> dict[str, object]:
    consuming = draw(
        st.lists(st.tuples(st.sampled_from("M=XIDN"), st.integers(1, 20)), min_size=1, max_size=5)
    )
    operations = [("M", draw(st.integers(1, 30))), *consuming, ("M", draw(st.integers(1, 30)))]
    for end in (0, len(operations)):
        clip = draw(st.sampled_from(["", "S", "H"]))
        if clip:
            operations.insert(end if end == 0 else len(operations), (clip, draw(st.integers(1, 9))))
    length = sum(n for op, n in operations if op in "M=XIS")
    return read(
        draw(st.text("abc/1", min_size=1, max_size=12)),
        draw(st.integers(0, 300)),
        "".join(f"{n}{op}" for op, n in operations),
        "".join(draw(st.lists(st.sampled_from(BASES), min_size=length, max_size=length))),
        quality=draw(st.lists(st.integers(0, 60), min_size=length, max_size=length)),
        flag=draw(st.sampled_from([0, 16, 99, 147, 83, 163, 256, 512, 1024, 2048, 1040])),
        mapq=draw(st.integers(0, 60)),
    )


def assert_same(path: Path, contig: str, start: int, end: int, *, min_mapq: int = 0) -> int:
    found = read_columns(path, contig, start, end, min_mapq=min_mapq)
    with pysam.AlignmentFile(str(path)) as handle:
        wanted = [
            r
            for r in handle.fetch(contig, start, end)
            if not r.flag & EXCLUDED and r.mapping_quality >= min_mapq
        ]
    assert found.n == len(wanted)
    for row, record in enumerate(wanted):
        name = bytes(found.buffer[found.name_at[row] :][: found.name_length[row]]).decode()
        qualities = found.buffer[found.qualities_at[row] :][: found.length[row]]
        assert name == record.query_name
        assert (found.start[row], found.end[row]) == (record.reference_start, record.reference_end)
        assert (found.flag[row], found.mapq[row]) == (record.flag, record.mapping_quality)
        assert found.insert_size[row] == record.template_length
        assert found.cigar_length[row] == len(record.cigartuples)
        assert qualities.tolist() == list(record.query_qualities)
    return len(wanted)


@settings(max_examples=25)
@given(st.lists(an_alignment(), min_size=1, max_size=12), st.integers(0, 60))
def test_columns_equal_pysam(tmp_path_factory: pytest.TempPathFactory, reads: list, min_mapq: int) -> None:
    path = write_bam(tmp_path_factory.mktemp("bam") / "a.bam", {"chr1": 1000}, reads)
    assert_same(path, "chr1", 50, 200, min_mapq=min_mapq)


def test_region_is_half_open(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", {"chr1": 100}, [read("r", 10, "5M", "ACGTA")])
    assert [read_columns(path, "chr1", *span).n for span in [(0, 10), (0, 11), (14, 15), (15, 20)]] == [
        0,
        1,
        1,
        0,
    ]


def test_select_keeps_the_chosen_reads(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", {"chr1": 100}, [read(f"r{i}", i, "2M", "AC") for i in range(4)])
    found = read_columns(path, "chr1", 0, 100).select(np.array([True, False, False, True]))
    assert found.start.tolist() == [0, 3]


def test_unindexed_alignments_are_refused(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", {"chr1": 100}, [read("r", 10, "5M", "ACGTA")])
    Path(f"{path}.bai").unlink()
    with pytest.raises(InputError, match=r"a\.bam: found no index.*samtools index"):
        read_columns(path, "chr1", 0, 50)


@pytest.mark.real
def test_real_reads_equal_pysam(real_data: Path, tmp_path: Path) -> None:
    source = real_data / "variants/na12878_chr22/NA12878.chr22.tiny.bam"
    path = tmp_path / "na12878.bam"
    path.write_bytes(source.read_bytes())
    pysam.index(str(path))
    assert assert_same(path, "q", 2_000, 9_000, min_mapq=5) > 1_500
