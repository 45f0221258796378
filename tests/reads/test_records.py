"""Records with bytes changed at random never lead outside the buffer; long CIGARs are found in tags."""

import ctypes
import mmap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.records import NEED_BYTES, NEED_ROWS, PAST_REGION, PROBLEMS, decode_records
from seqmill.reads.table import ReadColumns, make_room
from tests.reads.generated import HEADER, write_lines
from tests.reads.oracle import fetched, rows_of

LINES = [
    f"name{k}\t{flag}\tchr1\t{100 + k}\t60\t{cigar}\t=\t300\t7\t{bases}\t*\tNM:i:1\tXB:B:S,1,2,3\tMD:Z:9"
    for k, (flag, cigar, bases) in enumerate(
        [
            (0, "2S6M1I2M3S", "ACGTACGTACGTAC"),
            (16, "5=1X4D3=", "ACGTACGTA"),
            (99, "4H10M500N2M", "ACGTACGTACGT"),
            (0, "8M", "*"),
            (4, "*", "ACGTA"),
        ]
        * 3
    )
]


PAGE = mmap.PAGESIZE


@pytest.fixture(scope="module")
def guarded() -> Iterator[np.ndarray]:
    """Bytes behind which a page begins that the system lets nobody read."""
    memory = mmap.mmap(-1, 3 * PAGE)
    whole = np.frombuffer(memory, np.uint8)
    library = ctypes.CDLL(None, use_errno=True)
    guard = ctypes.c_void_p(whole.ctypes.data + 2 * PAGE)
    assert library.mprotect(guard, ctypes.c_size_t(PAGE), 0) == 0
    yield whole[: 2 * PAGE]
    assert library.mprotect(guard, ctypes.c_size_t(PAGE), mmap.PROT_READ | mmap.PROT_WRITE) == 0


def decoded(buffer: np.ndarray) -> tuple[int, ReadColumns]:
    room = make_room(0, 50)._replace(buffer=buffer)
    status, _, rows, _ = decode_records(room, len(buffer), 0, 0, -1, (0, 0, 150_000), 3, 0, 0)
    return status, ReadColumns(buffer, *(column[:rows] for column in room[1:]))


def records(tmp_path: Path) -> np.ndarray:
    path = write_lines(tmp_path / "a.bam", LINES)
    with AlignmentReader(path) as reader:
        return reader.columns("chr1", 0, 150_000, excluded=0).buffer.copy()


def test_changed_bytes_never_lead_outside(tmp_path: Path, guarded: np.ndarray) -> None:
    whole, draw = records(tmp_path), np.random.default_rng(5)
    assert len(whole) <= len(guarded)
    assert decoded(whole)[1].n == len(LINES)
    seen = set()
    for _ in range(4_000):
        changed = whole[: len(whole) - draw.integers(0, 2) * draw.integers(0, len(whole))].copy()
        if not len(changed):
            continue
        for at in draw.integers(0, len(changed), draw.integers(1, 4)).tolist():
            changed[at] = draw.choice([0, 1, 127, 128, 255, int(draw.integers(0, 256))])
        end = guarded[len(guarded) - len(changed) :]
        end[:] = changed
        status, found = decoded(end)
        seen.add(status)
        assert status in {NEED_BYTES, NEED_ROWS, PAST_REGION, *PROBLEMS}
        assert (found.name_at >= 36).all() and (found.name_length >= 0).all() and (found.length >= 0).all()
        assert (found.qualities_at + found.length + found.tags_length <= len(changed)).all()
        assert (found.cigar_at + 4 * found.cigar_length.astype(np.int64) <= len(changed)).all()
        assert (
            (found.end >= found.start).all() and (found.start >= 0).all() and (found.tags_length >= 0).all()
        )
        for row in range(found.n):
            words = changed[found.cigar_at[row] :][: 4 * found.cigar_length[row]].copy().view("<u4")
            used = int((words >> 4)[np.isin(words & 15, (0, 1, 4, 7, 8))].sum())
            assert not len(words) or not found.length[row] or used == found.length[row]
    assert {*PROBLEMS, NEED_BYTES, PAST_REGION} <= seen


def test_cigars_too_long_for_their_field(tmp_path: Path) -> None:
    pairs = 35_000
    line = f"long\t0\tchr1\t50\t60\t{'2M1D' * pairs}\t*\t0\t0\t{'AC' * pairs}\t*\tNM:i:1"
    path = write_lines(tmp_path / "a.bam", [line, *LINES])
    with AlignmentReader(path) as reader:
        for start, end in [(0, 60), (90_000, 90_001), (105_048, 105_049), (105_049, 105_050)]:
            found = reader.columns("chr1", start, end)
            assert rows_of(found) == fetched(path, "chr1", start, end)
        assert reader.columns("chr1", 0, 60).cigar_length.tolist() == [2 * pairs]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [(0, 5, "impossible size"), (12, 255, "longer than itself"), (4, 9, "header does not have")],
)
def test_messages_name_file_finding_and_next_step(
    tmp_path: Path, place: int, value: int, message: str
) -> None:
    with AlignmentReader(write_lines(tmp_path / "a.bam", LINES)) as reader:
        found = reader.columns("chr1", 0, 1_000)
    data = pysam.BGZFile(str(tmp_path / "a.bam")).read()
    at = data.index(found.buffer[:40].tobytes())
    changed = bytearray(data)
    changed[at + place] = value
    if place == 0:
        changed[at + 1] = 0
    with pysam.BGZFile(str(tmp_path / "a.bam"), "w") as handle:
        handle.write(bytes(changed[:at]))
        handle.flush()
        handle.write(bytes(changed[at:]))
    assert HEADER.nreferences == 3
    with AlignmentReader(tmp_path / "a.bam") as reader:
        with pytest.raises(
            InputError, match=rf"a\.bam: the blocks from byte \d+: found .*{message}.*seqmill reads"
        ):
            reader.columns("chr1", 0, 1_000)
