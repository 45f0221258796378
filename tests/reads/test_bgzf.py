"""Blocks against gzip, and damage in them."""

import gzip
from pathlib import Path

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads import bgzf, libdeflate
from seqmill.reads.bgzf import INFLATERS, BgzfReader

CONTENT = np.random.default_rng(4).integers(0, 9, 900_000, np.uint8).tobytes()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bgzf") / "a.gz"
    with pysam.BGZFile(str(path), "w") as handle:
        handle.write(CONTENT)
    return path


def inflate(path: Path) -> bytes:
    pieces, offset = [], 0
    with BgzfReader(path) as reader:
        while blocks := reader.scan(offset):
            piece = np.empty(blocks.inflated, np.uint8)
            assert reader.inflate(blocks, piece, 0) == len(piece)
            pieces.append(piece.tobytes())
            offset = blocks.next_offset
    return b"".join(pieces)


@pytest.mark.parametrize("name", INFLATERS)
def test_every_inflater_equals_gzip(path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bgzf, "INFLATE", INFLATERS[name])
    assert inflate(path) == gzip.decompress(path.read_bytes()) == CONTENT


def test_libdeflate_comes_first_where_it_is() -> None:
    assert (next(iter(INFLATERS)) == "libdeflate") == libdeflate.AVAILABLE
    assert "zlib" in INFLATERS


def test_files_joined_with_their_end_markers_are_one(path: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined.gz"
    joined.write_bytes(path.read_bytes() * 2)
    assert inflate(joined) == CONTENT * 2


@pytest.mark.parametrize("name", INFLATERS)
def test_changed_bytes_are_found_by_length_or_sum(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(bgzf, "INFLATE", INFLATERS[name])
    whole, draw = bytearray(path.read_bytes()), np.random.default_rng(1)
    for at in draw.integers(0, len(whole) - 28, 25).tolist():
        changed = tmp_path / "changed.gz"
        changed.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        try:
            assert inflate(changed) == CONTENT  # a byte of the header that says nothing of the content
        except InputError as error:
            assert f"{changed}: byte " in str(error) and "wanted" in str(error)


def test_a_cut_file_names_the_block(path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(path.read_bytes()[:1_000])
    with pytest.raises(InputError, match=r"cut\.gz: byte 0: found a block cut short after 1,000 bytes"):
        inflate(cut)


def test_a_span_behind_the_end_is_refused(path: Path) -> None:
    with BgzfReader(path) as reader, pytest.raises(InputError, match="the end of the file"):
        reader.scan(10**9, 10**9 + 5)


def test_other_formats_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "a.txt"
    other.write_bytes(b"not a block at all, but long enough")
    with pytest.raises(InputError, match="found 6e 6f 74 20, wanted a BGZF block"):
        inflate(other)


def test_no_room_is_the_caller_s_mistake(path: Path) -> None:
    with BgzfReader(path) as reader:
        blocks = reader.scan(0)
        assert blocks is not None
        with pytest.raises(ValueError, match="do not fit"):
            reader.inflate(blocks, np.empty(10, np.uint8), 0)
