"""FASTQ files as a checked stream of records."""

import gzip
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from seqmill.errors import InputError

BATCH_READS = 4096
_LETTERS = b"ACGTNRYSWKMBDHVacgtnryswkmbdhv"
_PHRED_33 = bytes(range(33, 127))
_GZIP_MAGIC = b"\x1f\x8b"


class Read(NamedTuple):
    """One sequencing read: base letters and Phred+33 qualities of the same length, as ASCII bytes."""

    sequence: bytes
    quality: bytes


class Record(NamedTuple):
    """One FASTQ record: its name up to white space and without ``/1`` or ``/2``, which mate, its read.

    `mate` is 1 or 2 where the header says so (``name/1`` or ``name 1:N:0:ACGT``), else 0.
    """

    name: bytes
    mate: int
    read: Read


def record_batches(path: Path) -> Iterator[list[Record]]:
    """Stream a FASTQ file, plain or gzipped, as checked batches of up to `BATCH_READS` records.

    Raises
    ------
    InputError
        For a file that is missing, empty, cut off or not FASTQ; for a quality string that is not as
        long as its sequence or holds characters outside Phred+33 (``!`` to ``~``).
    """
    number = 0
    try:
        with _open(path) as handle:
            while lines := list(islice(handle, 4 * BATCH_READS)):
                yield _records(path, [line.rstrip() for line in lines], number)
                number += len(lines) // 4
    except FileNotFoundError:
        raise InputError(f"{path}: no such FASTQ file; correct its path in the sample sheet") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path}: the compressed file is cut off or damaged after about {number:,} reads ({error}); "
            "wanted a whole gzip file: copy or download it again"
        ) from None
    if not number:
        raise InputError(f"{path}: holds no reads; wanted at least one FASTQ record")


def _open(path: Path) -> BinaryIO:
    with open(path, "rb") as handle:
        compressed = handle.read(2) == _GZIP_MAGIC
    return gzip.open(path, "rb") if compressed else open(path, "rb")  # type: ignore[return-value]


def _records(path: Path, lines: list[bytes], number: int) -> list[Record]:
    while lines and not lines[-1] and len(lines) % 4:
        lines.pop()
    headers, sequences, marks, qualities = (lines[start::4] for start in range(4))
    whole = (
        len(lines) % 4 == 0
        and all(header.startswith(b"@") for header in headers)
        and all(mark.startswith(b"+") for mark in marks)
        and list(map(len, sequences)) == list(map(len, qualities))
        and not b"".join(qualities).translate(None, _PHRED_33)
        and not b"".join(sequences).translate(None, _LETTERS)
    )
    if not whole:
        _refuse(path, lines, number)
    return [
        Record(*_name_and_mate(header), Read(sequence.upper(), quality))
        for header, sequence, quality in zip(headers, sequences, qualities, strict=True)
    ]


def _name_and_mate(header: bytes) -> tuple[bytes, int]:
    name, _, comment = header[1:].partition(b" ")
    if b"\t" in name:
        name = name.partition(b"\t")[0]
    if name[-2:] == b"/1":
        return name[:-2], 1
    if name[-2:] == b"/2":
        return name[:-2], 2
    return name, {b"1:": 1, b"2:": 2}.get(comment[:2], 0)


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
        name = _show(record[0][1:].split()[0] if record[0][1:].split() else b"")
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
    shown = text[:40].decode("ascii", "backslashreplace")
    return f"'{shown}{'...' if len(text) > 40 else ''}'"
