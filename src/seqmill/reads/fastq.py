"""FASTQ files as a stream of checked batches."""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from seqmill.errors import InputError

BATCH_READS = 2048
_BLOCK = 1 << 18
_UPPER = b"ACGTNRYSWKMBDHV"
_LETTERS = _UPPER + _UPPER.lower()
_PHRED_33 = bytes(range(33, 127))
_GZIP_MAGIC = b"\x1f\x8b"
_ALIGNMENTS = (b"BAM\1", b"CRAM")
_NAME = bytes(range(33, 127))
_LONGEST_NAME = 252  # of the SAM format, less room for a mate number
_SHOWN = 40
_MATES = {b"/1": 1, b"/2": 2, b"1:": 1, b"2:": 2}


class Batch(NamedTuple):
    """Some records of a FASTQ file, one list for each field, all of one length.

    Attributes
    ----------
    names : list of bytes
        Read names up to white space, without ``/1`` or ``/2``.
    mates : list of int
        1 or 2 where the header says so (``name/1`` or ``name 1:N:0:ACGT``), else 0.
    sequences : list of bytes
        Bases in upper case.
    qualities : list of bytes
        Phred+33 qualities, as long as the bases.

    A read without bases, as trimmers leave it, is one N of quality 0.
    """

    names: list[bytes]
    mates: list[int]
    sequences: list[bytes]
    qualities: list[bytes]


def read_batches(path: Path) -> Iterator[Batch]:
    """Stream a FASTQ file, plain or gzipped, in batches of `BATCH_READS` records; the last may be smaller.

    Raises
    ------
    InputError
        For a file that is missing, empty, cut off or not FASTQ; for a quality string that is not as
        long as its sequence or holds characters outside Phred+33 (``!`` to ``~``).
    """
    number = 0
    try:
        with _open(path) as handle:
            if handle.peek(4)[:4] in _ALIGNMENTS:
                raise InputError(
                    f"{path}: found alignments (BAM or CRAM), wanted FASTQ; give it by --alignments"
                )
            for lines in _lines(handle, 4 * BATCH_READS):
                batch = _batch(path, lines, number)
                number += len(batch.names)
                yield batch
    except FileNotFoundError:
        raise InputError(f"{path}: no such FASTQ file; correct its path in the sample sheet") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path}: the compressed file is cut off or damaged after about {number:,} reads ({error}); "
            "wanted a whole gzip file: copy or download it again"
        ) from None
    if not number:
        raise InputError(f"{path}: holds no reads; wanted at least one FASTQ record")


def _open(path: Path) -> BufferedReader | gzip.GzipFile:
    with open(path, "rb") as handle:
        compressed = handle.read(2) == _GZIP_MAGIC
    return gzip.GzipFile(path) if compressed else open(path, "rb")


def _lines(handle: BufferedReader | gzip.GzipFile, size: int) -> Iterator[list[bytes]]:
    """Yield `size` lines at a time without their ends, then those left; empty ones at the end are dropped."""
    waiting: list[bytes] = []
    tail = b""
    while block := handle.read(_BLOCK):
        lines = (tail + block).replace(b"\r", b"").split(b"\n")
        tail = lines.pop()
        waiting += lines
        while len(waiting) > size:
            yield waiting[:size]
            del waiting[:size]
    if tail:
        waiting.append(tail)
    while len(waiting) % 4 and not waiting[-1]:
        waiting.pop()
    if waiting:
        yield waiting


def _batch(path: Path, lines: list[bytes], number: int) -> Batch:
    headers, sequences, marks, qualities = (lines[start::4] for start in range(4))
    letters = b"".join(sequences)
    whole = (
        len(lines) % 4 == 0
        and all(header[:1] == b"@" and header[1:2] > b" " for header in headers)
        and {mark[:1] for mark in set(marks)} == {b"+"}
        and list(map(len, sequences)) == list(map(len, qualities))
        and not b"".join(qualities).translate(None, _PHRED_33)
        and not letters.translate(None, _LETTERS)
    )
    if not whole:
        _refuse(path, lines, number)
    if letters.translate(None, _UPPER):
        sequences = [sequence.upper() for sequence in sequences]
    if b"" in sequences:
        sequences = [sequence or b"N" for sequence in sequences]
        qualities = [quality or b"!" for quality in qualities]
    names, mates = _names_and_mates(headers)
    if b"".join(names).translate(None, _NAME) or max(map(len, names)) > _LONGEST_NAME:
        _refuse(path, lines, number)
    return Batch(names, mates, sequences, qualities)


def _names_and_mates(headers: list[bytes]) -> tuple[list[bytes], list[int]]:
    words = [header.split(None, 1) for header in headers]
    names = [word[0][1:] for word in words]
    mates = [_MATES.get(name[-2:], 0) for name in names]
    if any(mates):
        names = [name[:-2] if mate else name for name, mate in zip(names, mates, strict=True)]
    else:
        mates = [_MATES.get(word[-1][:2], 0) for word in words]
    return names, mates


def _refuse(path: Path, lines: list[bytes], number: int) -> None:
    """Raise the error that names the first bad record among `lines`."""
    for start in range(0, len(lines), 4):
        where = f"{path}: read {number + start // 4 + 1:,} (line {4 * number + start + 1:,})"
        again = "the file is damaged: copy or download it again"
        record = lines[start : start + 4]
        if not record[0].startswith(b"@"):
            raise InputError(
                f"{where}: found {_show(record[0])}, wanted a header that starts with '@'; {again}"
            )
        if not record[0][1:2] > b" ":
            raise InputError(f"{where}: found a header without a name, {_show(record[0])}; {again}")
        full_name = record[0][1:].split()[0]
        name = _show(full_name)
        if full_name.translate(None, _NAME) or len(full_name) > _LONGEST_NAME:
            raise InputError(
                f"{where}: found the name {name} of {len(full_name)} bytes, wanted at most {_LONGEST_NAME} "
                "printable ASCII characters; rename the reads"
            )
        if len(record) < 4:
            raise InputError(f"{where} {name}: found {len(record)} of 4 lines at the end; {again}")
        sequence, mark, quality = record[1:]
        if not mark.startswith(b"+"):
            raise InputError(f"{where} {name}: third line is {_show(mark)}, wanted '+'; {again}")
        if len(sequence) != len(quality):
            raise InputError(
                f"{where} {name}: the quality string has {len(quality)} characters, wanted {len(sequence)} "
                f"as the sequence has; {again}"
            )
        if bad := quality.translate(None, _PHRED_33):
            raise InputError(
                f"{where} {name}: the quality string holds {_show(bad[:1])}, wanted Phred+33 characters from "
                f"'!' to '~'; {again}"
            )
        if bad := sequence.translate(None, _LETTERS):
            raise InputError(
                f"{where} {name}: the sequence holds {_show(bad[:1])}, wanted A, C, G, T or N; {again}"
            )


def _show(text: bytes) -> str:
    shown = repr(text[:_SHOWN])[1:]
    return f"{shown[:-1]}...{shown[-1]}" if len(text) > _SHOWN else shown
