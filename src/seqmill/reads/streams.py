"""Decoded BAM records of a region as a stream of bytes: from the blocks of a BAM, or from a CRAM."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import pysam

from seqmill.errors import InputError
from seqmill.reads.bai import BamIndex, Span, find_index
from seqmill.reads.bgzf import BgzfReader, Blocks
from seqmill.reads.header import read_header
from seqmill.reads.table import ReadColumns, with_size

_CRAM_RECORDS = 20_000
_TYPICAL_RATIO = 4  # inflated bytes for each compressed one
_MOST_EXPECTED = 1 << 28


class Stream(Protocol):
    """Bytes of consecutive records, in pieces that end anywhere."""

    place: str
    """Where in the file the latest piece is from, for messages."""
    expected: int
    """A guess of all its bytes."""

    def fill(self, room: ReadColumns, filled: int) -> tuple[ReadColumns, int]:
        """Put a piece behind the bytes that are filled; gives the room, perhaps a larger one, and its bytes.

        At the end of the stream nothing is put.
        """
        ...


class Source(Protocol):
    """An alignment file that stays open."""

    contigs: dict[str, int]
    """Contig name -> length, in the order that records number them."""

    def stream(self, contig: str, start: int, end: int) -> Stream:
        """Give the records that overlap a region, and others, sorted by coordinate."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class BamSource:
    """A BAM; its index is read when a region is asked for.

    Raises
    ------
    InputError
        When it is no BAM, or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = BgzfReader(path)
        try:
            self.contigs = read_header(self._reader).contigs
        except InputError:
            self.close()
            raise
        self._numbers = {name: number for number, name in enumerate(self.contigs)}
        self._index: BamIndex | None = None

    def stream(self, contig: str, start: int, end: int) -> Stream:
        """Give the records of the blocks that the index names for a region."""
        if self._index is None:
            self._index = BamIndex(find_index(self._path))
        spans = self._index.spans(self._numbers[contig], start, min(end, self.contigs[contig]))
        return _SpanStream(self._reader, spans)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()


class _SpanStream:
    """Records in spans of a BGZF file; each block is inflated once."""

    def __init__(self, reader: BgzfReader, spans: Sequence[Span]) -> None:
        self.place = "its first block"
        compressed = sum((span.end >> 16) - (span.begin >> 16) for span in spans)
        self.expected = min(_TYPICAL_RATIO * compressed, _MOST_EXPECTED)
        self._pieces = _pieces(reader, spans)
        self._reader = reader

    def fill(self, room: ReadColumns, filled: int) -> tuple[ReadColumns, int]:
        for blocks, skip, drop in self._pieces:
            self.place = f"the blocks from byte {blocks.offset:,}"
            room, end = _append(self._reader, blocks, room, filled, skip=skip)
            if drop > end - filled:
                raise InputError(
                    f"{self._reader.path}: {self.place}: found fewer bytes than its index states, wanted the "
                    "index of this file; make it again with samtools index"
                )
            return room, end - drop
        return room, filled


def _pieces(reader: BgzfReader, spans: Sequence[Span]) -> Iterator[tuple[Blocks, int, int]]:
    """Give runs of blocks, with the inflated bytes at their beginning and end that lie outside the spans."""
    for begin, end in spans:
        offset, skip, within = begin >> 16, begin & 0xFFFF, end & 0xFFFF
        until = (end >> 16) + (1 if within else 0)
        while blocks := reader.scan(offset, until):
            offset = blocks.next_offset
            drop = int(blocks.size[-1]) - within if within and offset >= until else 0
            yield blocks, skip, max(drop, 0)
            skip = 0


def _append(
    reader: BgzfReader, blocks: Blocks, room: ReadColumns, filled: int, *, skip: int
) -> tuple[ReadColumns, int]:
    """Inflate blocks behind the filled bytes, without the first `skip` bytes of them."""
    needed = filled + blocks.inflated
    if needed > len(room.buffer):
        room = with_size(room, max(needed, 2 * len(room.buffer)), filled)
    end = reader.inflate(blocks, room.buffer, filled)
    if skip:
        skip = min(skip, end - filled)
        room.buffer[filled : end - skip] = room.buffer[filled + skip : end].copy()
    return room, end - skip


class CramSource:
    """A CRAM, decoded by htslib and handed over as uncompressed BAM in bounded pieces.

    Raises
    ------
    InputError
        When it cannot be opened: no CRAM, no index, no reference.
    """

    def __init__(self, path: Path, reference: str | os.PathLike[str] | None) -> None:
        self._path = path
        verbosity = pysam.set_verbosity(0)
        try:
            fasta = None if reference is None else os.fspath(reference)
            self._file = pysam.AlignmentFile(os.fspath(path), "rc", reference_filename=fasta)
        except (OSError, ValueError) as error:
            raise _undecodable(path, error) from None
        finally:
            pysam.set_verbosity(verbosity)
        self.contigs = dict(zip(self._file.references, self._file.lengths, strict=True))

    def stream(self, contig: str, start: int, end: int) -> Stream:
        """Give the records that htslib decodes for a region."""
        if not self._file.has_index():
            raise InputError(
                f"{self._path}: found no index beside it, wanted {self._path.name}.crai; "
                "make it with samtools index"
            )
        return _CramStream(self._path, self._file, (contig, max(start, 0), min(end, self.contigs[contig])))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _CramStream:
    """Records of a CRAM, written to a temporary uncompressed BAM piece by piece."""

    def __init__(self, path: Path, file: pysam.AlignmentFile, region: tuple[str, int, int]) -> None:
        self.expected = 0
        self.place = "{}:{}-{}".format(*region)
        self._path, self._header = path, file.header
        self._records = file.fetch(*region) if region[1] < region[2] else iter(())

    def fill(self, room: ReadColumns, filled: int) -> tuple[ReadColumns, int]:
        with tempfile.NamedTemporaryFile(prefix="seqmill-", suffix=".bam") as piece:
            written = False
            try:
                with pysam.AlignmentFile(piece.name, "wb0", header=self._header) as sink:
                    for record in islice(self._records, _CRAM_RECORDS):
                        written = True
                        sink.write(record)
            except (OSError, ValueError) as error:
                raise _undecodable(self._path, error) from None
            if not written:
                return room, filled
            with BgzfReader(piece.name) as reader:
                skip, offset = read_header(reader).size, 0
                while blocks := reader.scan(offset):
                    offset = blocks.next_offset
                    inflated = blocks.inflated
                    room, filled = _append(reader, blocks, room, filled, skip=skip)
                    skip = max(skip - inflated, 0)
        return room, filled


def _undecodable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"{path}: found a CRAM that cannot be decoded ({error}), wanted a whole one and the reference it was "
        "written with: give that reference, or copy the file again"
    )


def open_source(alignments: str | os.PathLike[str], reference: str | os.PathLike[str] | None) -> Source:
    """Open a BAM or a CRAM, told apart by its first bytes.

    Raises
    ------
    InputError
        When there is no such file, or it is neither.
    """
    path = Path(alignments)
    try:
        with open(path, "rb") as handle:
            magic = handle.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}); correct its path") from None
    return CramSource(path, reference) if magic == b"CRAM" else BamSource(path)
