"""Alignments of a region as columns: one pass over the decoded BAM records, no object for each read."""

import os
import tempfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam
from numba import njit

from seqmill.errors import InputError

UNMAPPED, SECONDARY, QC_FAIL, DUPLICATE, SUPPLEMENTARY = 0x4, 0x100, 0x200, 0x400, 0x800
EXCLUDED = UNMAPPED | SECONDARY | QC_FAIL | DUPLICATE | SUPPLEMENTARY

_FIXED = 36  # bytes of a record before its name, the length field included


class ReadColumns(NamedTuple):
    """Aligned reads of one contig, sorted by start; `n` reads, each field an array over them.

    A named tuple, so that compiled kernels take it as one argument.

    Attributes
    ----------
    buffer : np.ndarray, uint8
        The decoded records (BAM specification 4.2); the offsets below point into it.
    start, end : np.ndarray, int32, shape (n,)
        Reference span of the alignment, 0-based half-open.
    flag : np.ndarray, uint16, shape (n,)
        SAM flags.
    mapq : np.ndarray, uint8, shape (n,)
        Mapping quality.
    insert_size : np.ndarray, int32, shape (n,)
        Signed template length.
    name_at, cigar_at, bases_at, qualities_at : np.ndarray, int64, shape (n,)
        Where the name, the CIGAR, the 4-bit bases and the qualities begin in `buffer`.
    name_length, cigar_length, length : np.ndarray, int32, shape (n,)
        Bytes of the name without its closing zero, CIGAR operations, bases of the read.
    """

    buffer: np.ndarray
    start: np.ndarray
    end: np.ndarray
    flag: np.ndarray
    mapq: np.ndarray
    insert_size: np.ndarray
    name_at: np.ndarray
    cigar_at: np.ndarray
    bases_at: np.ndarray
    qualities_at: np.ndarray
    name_length: np.ndarray
    cigar_length: np.ndarray
    length: np.ndarray

    @property
    def n(self) -> int:
        """How many reads there are."""
        return len(self.start)

    def select(self, keep: np.ndarray) -> "ReadColumns":
        """Give the reads where the boolean array `keep` is true; the buffer is shared."""
        return ReadColumns(self.buffer, *(array[keep] for array in self[1:]))


@njit(cache=True, nogil=True, inline="always")
def int32_at(buffer: np.ndarray, at: int) -> int:
    """Read a little-endian int32 at a byte offset."""
    value = (
        np.int64(buffer[at])
        | np.int64(buffer[at + 1]) << 8
        | np.int64(buffer[at + 2]) << 16
        | np.int64(buffer[at + 3]) << 24
    )
    return value - (np.int64(1) << 32) if value >= (np.int64(1) << 31) else value


@njit(cache=True, nogil=True)
def _count_records(buffer: np.ndarray, first: int) -> int:
    count, at, size = 0, first, len(buffer)
    while at + 4 <= size:
        at += 4 + int32_at(buffer, at)
        count += 1
    return count if at == size else -1


@njit(cache=True, nogil=True)
def _fill(
    buffer: np.ndarray,
    first: int,
    excluded: int,
    min_mapq: int,
    starts: np.ndarray,
    ends: np.ndarray,
    flags: np.ndarray,
    mapqs: np.ndarray,
    inserts: np.ndarray,
    offsets: np.ndarray,
    lengths: np.ndarray,
) -> int:
    row, at, size = 0, first, len(buffer)
    while at < size:
        record = at
        at += 4 + int32_at(buffer, at)
        flag = buffer[record + 18] | np.uint16(buffer[record + 19]) << 8
        mapq = buffer[record + 13]
        if flag & excluded or mapq < min_mapq:
            continue
        name_bytes = np.int64(buffer[record + 12])
        operations = np.int64(buffer[record + 16]) | np.int64(buffer[record + 17]) << 8
        bases = int32_at(buffer, record + 20)
        cigar = record + _FIXED + name_bytes
        position = int32_at(buffer, record + 8)
        span = 0
        for k in range(operations):
            packed = int32_at(buffer, cigar + 4 * k) & 0xFFFFFFFF
            operation = packed & 15
            if operation == 0 or operation == 2 or operation == 3 or operation == 7 or operation == 8:
                span += packed >> 4
        starts[row] = position
        ends[row] = position + span
        flags[row] = flag
        mapqs[row] = mapq
        inserts[row] = int32_at(buffer, record + 32)
        offsets[row, 0] = record + _FIXED
        offsets[row, 1] = cigar
        offsets[row, 2] = cigar + 4 * operations
        offsets[row, 3] = cigar + 4 * operations + (bases + 1) // 2
        lengths[row, 0] = name_bytes - 1
        lengths[row, 1] = operations
        lengths[row, 2] = bases
        row += 1
    return row


def _inflate(path: Path) -> np.ndarray:
    """Inflate a whole BGZF file (SAM specification 4.1) into one array of bytes."""
    raw = path.read_bytes()
    blocks, at = [], 0
    while at < len(raw):
        extra = int.from_bytes(raw[at + 10 : at + 12], "little")
        size = int.from_bytes(raw[at + 16 : at + 18], "little") + 1
        blocks.append(zlib.decompress(memoryview(raw)[at + 12 + extra : at + size - 8], -15, 65536))
        at += size
    return np.frombuffer(b"".join(blocks), dtype=np.uint8)


def _first_record(buffer: np.ndarray) -> int:
    """Give the offset behind the BAM header."""
    at = 8 + int32_at(buffer, 4)
    contigs = int32_at(buffer, at)
    at += 4
    for _ in range(contigs):
        at += 8 + int32_at(buffer, at)
    return at


def read_columns(
    alignments: str | os.PathLike[str],
    contig: str,
    start: int,
    end: int,
    *,
    reference: str | os.PathLike[str] | None = None,
    excluded: int = EXCLUDED,
    min_mapq: int = 0,
) -> ReadColumns:
    """Decode the reads that overlap a region into columns.

    Parameters
    ----------
    alignments : path
        Indexed BAM or CRAM.
    contig : str
        Name of the contig.
    start, end : int
        The region, 0-based half-open.
    reference : path, optional
        FASTA; needed for CRAM.
    excluded : int
        Reads with any of these SAM flags are left out.
    min_mapq : int
        Reads mapped with less confidence are left out.

    Raises
    ------
    InputError
        When the file cannot be read over the region: truncated, no index, or a CRAM without its reference.
    """
    with tempfile.TemporaryDirectory(prefix="seqmill-") as folder:
        plain = Path(folder) / "region.bam"
        arguments = ["-u", "-o", str(plain)]
        if reference is not None:
            arguments += ["-T", str(reference)]
        try:
            pysam.view(*arguments, str(alignments), f"{contig}:{start + 1}-{end}", catch_stdout=False)
        except pysam.SamtoolsError as error:
            raise InputError(
                f"{alignments}: cannot read {contig}:{start + 1}-{end}: {str(error).strip()}; "
                "stage the file again with 'seqmill reads'"
            ) from error
        buffer = _inflate(plain)
    first = _first_record(buffer)
    count = _count_records(buffer, first)
    if count < 0:
        raise InputError(f"{alignments}: the last record over {contig}:{start + 1}-{end} is cut short")
    columns = {
        "starts": np.empty(count, np.int32),
        "ends": np.empty(count, np.int32),
        "flags": np.empty(count, np.uint16),
        "mapqs": np.empty(count, np.uint8),
        "inserts": np.empty(count, np.int32),
    }
    offsets = np.empty((count, 4), np.int64)
    lengths = np.empty((count, 3), np.int32)
    kept = _fill(buffer, first, excluded, min_mapq, *columns.values(), offsets, lengths)
    return ReadColumns(
        buffer=buffer,
        start=columns["starts"][:kept],
        end=columns["ends"][:kept],
        flag=columns["flags"][:kept],
        mapq=columns["mapqs"][:kept],
        insert_size=columns["inserts"][:kept],
        name_at=offsets[:kept, 0].copy(),
        cigar_at=offsets[:kept, 1].copy(),
        bases_at=offsets[:kept, 2].copy(),
        qualities_at=offsets[:kept, 3].copy(),
        name_length=lengths[:kept, 0].copy(),
        cigar_length=lengths[:kept, 1].copy(),
        length=lengths[:kept, 2].copy(),
    )
