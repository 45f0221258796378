"""Columns and windows against pysam, on alignments of every shape and on real ones."""

import random
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.reads import bgzf
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.table import EXCLUDED
from tests.reads.alignments import read, write_bam
from tests.reads.generated import sam_lines, write_lines
from tests.reads.oracle import fetched, rows_of

REAL = "variants/na12878_sv/NA12878_restricted.bam"


@settings(max_examples=30)
@given(
    st.lists(sam_lines(), max_size=25),
    st.integers(0, 2_500),
    st.integers(0, 60_000),
    st.sampled_from([EXCLUDED, 0, 0x400]),
    st.integers(0, 255),
    st.booleans(),
)
def test_columns_equal_pysam(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    start: int,
    size: int,
    excluded: int,
    min_mapq: int,
    csi: bool,
) -> None:
    path = write_lines(tmp_path_factory.mktemp("bam") / "a.bam", lines, csi=csi)
    with AlignmentReader(path) as reader:
        for contig in reader.contigs:
            for quality in (0, min_mapq):
                found = reader.columns(contig, start, start + size, excluded=excluded, min_mapq=quality)
                wanted = fetched(path, contig, start, start + size, excluded=excluded, min_mapq=quality)
                assert rows_of(found) == wanted


@settings(max_examples=30)
@given(
    st.lists(sam_lines(), min_size=1, max_size=25),
    st.integers(0, 2_500),
    st.integers(0, 50_000),
    st.integers(100, 20_000),
    st.integers(0, 3_000),
    st.sampled_from([EXCLUDED, 0]),
)
def test_windows_equal_columns(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    start: int,
    length: int,
    size: int,
    margin: int,
    excluded: int,
) -> None:
    path = write_lines(tmp_path_factory.mktemp("bam") / "a.bam", lines)
    end, reached = start + length, start
    with AlignmentReader(path) as reader:
        for begin, stop, found in reader.windows(
            "chr1", start, end, size=size, margin=margin, excluded=excluded
        ):
            assert begin == reached and begin < stop <= begin + size
            assert rows_of(found) == fetched(
                path, "chr1", max(begin - margin, 0), stop + margin, excluded=excluded
            )
            reached = stop
    assert reached == end


@pytest.mark.real
@pytest.mark.parametrize("name", [REAL, "variants/na12878_sv/hg19_chr21_27373431_27375410_inversion.bam"])
def test_real_regions_equal_pysam(real_data: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "real.bam"
    path.write_bytes((real_data / name).read_bytes())
    pysam.index(str(path))
    with pysam.AlignmentFile(str(path)) as handle:
        spots = [(r.reference_name, r.reference_start) for r in handle if r.reference_id >= 0]
    draw = random.Random(3)
    with AlignmentReader(path) as reader:
        for contig, spot in draw.sample(spots, 12):
            start = max(spot - draw.randrange(300), 0)
            end = start + draw.randrange(1, 600)
            for excluded in (EXCLUDED, 0):
                found = reader.columns(contig, start, end, excluded=excluded)
                assert rows_of(found) == fetched(path, contig, start, end, excluded=excluded)


@pytest.mark.real
def test_real_windows_equal_columns(real_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "real.bam"
    path.write_bytes((real_data / "variants/na12878_chr22/NA12878.chr22.tiny.bam").read_bytes())
    pysam.index(str(path))
    with AlignmentReader(path) as reader:
        windows = [
            (begin, end, rows_of(found))
            for begin, end, found in reader.windows("q", 0, 12_400, size=900, margin=150, excluded=0)
        ]
    assert sum(len(rows) for *_, rows in windows) > 3_000
    for begin, end, rows in windows:
        assert rows == fetched(path, "q", max(begin - 150, 0), end + 150, excluded=0)


def test_results_kept_stay_as_they_were(tmp_path: Path) -> None:
    reads = [read(f"r{k}", k, "5M", "ACGTA") for k in range(0, 990)]
    path = write_bam(tmp_path / "a.bam", {"chr1": 1_000}, reads)
    with AlignmentReader(path) as reader:
        kept = [found for _, _, found in reader.windows("chr1", 0, 1_000, size=50, margin=10)]
        assert [rows_of(found) for found in kept] == [
            rows_of(found) for _, _, found in reader.windows("chr1", 0, 1_000, size=50, margin=10)
        ]


def test_a_dropped_result_gives_its_memory_to_a_later_one(tmp_path: Path) -> None:
    reads = [read(f"r{k}", k, "5M", "ACGTA") for k in range(0, 990)]
    path = write_bam(tmp_path / "a.bam", {"chr1": 1_000}, reads)
    with AlignmentReader(path) as reader:
        places = {
            found.buffer.ctypes.data for *_, found in reader.windows("chr1", 0, 1_000, size=10, margin=2)
        }
    assert len(places) <= 3


def test_a_contig_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", {"chr1": 100}, [read("r", 10, "5M", "ACGTA")])
    with AlignmentReader(path) as reader, pytest.raises(InputError, match=r"a\.bam.*'chr2'.*'chr1'"):
        reader.columns("chr2", 0, 10)


def test_unsorted_alignments_are_refused(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", {"chr1": 100}, [read("r", k, "5M", "ACGTA") for k in (10, 40)])
    with pysam.AlignmentFile(str(path)) as handle:
        header, records = handle.header, list(handle)
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for record in reversed(records):
            handle.write(record)
    with AlignmentReader(path) as reader, pytest.raises(InputError, match=r"a\.bam.*sorted by coordinate"):
        reader.columns("chr1", 0, 100)


def test_memory_is_bounded_by_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bgzf, "_READ", 2 * bgzf.MAX_BLOCK)
    bases = "".join(random.Random(9).choices("ACGT", k=200_000))
    lines = [
        f"r{at}\t0\tchr1\t{at}\t60\t90M\t*\t0\t0\t{bases[at : at + 90]}\t{bases[-90 - at : len(bases) - at]}"
        for at in range(1, 180_000, 6)
    ]
    path = write_lines(tmp_path / "a.bam", lines)
    with AlignmentReader(path) as reader:
        whole = len(reader.columns("chr1", 0, 200_000).buffer)
    with AlignmentReader(path) as reader:
        sizes = [
            len(found.buffer) for *_, found in reader.windows("chr1", 0, 200_000, size=5_000, margin=200)
        ]
    assert whole > 5_000_000 and max(sizes) < whole / 3
