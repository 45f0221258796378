"""What a file holds, as text in pieces: packed, encoded and encrypted files are opened."""

import gzip
import json
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.privacy.identifiers import SHORT_NUMBER
from seqmill.privacy.unpacked import BROKEN, HEAD, Pieces, unpacked

_PNG = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
_PLACES = ("start", "end")
_SMALLEST = 10 ** (SHORT_NUMBER - 1)


def contents(path: Path) -> Pieces:
    """Give what a file holds, piece by piece; what is packed is unpacked, by its first bytes.

    Known are gzip and BGZF (so BAM, BCF, VCF), bzip2, xz, tar, zip (so checkpoints), also inside each other,
    CRAM, Parquet (also encrypted), SQLite, PNG, and text with escapes (JSON, HTML, URLs) or in UTF-16.
    Anything else is given as it is. Of columns of numbers whole ones of `SHORT_NUMBER` digits and more are
    given; the columns ``start`` and ``end`` of examples, which are places in a genome, are not.

    Raises
    ------
    InputError
        When a file cannot be opened, such as an encrypted one without its key: what cannot be looked into is
        not clean.
    """
    with open(path, "rb") as handle:
        head = handle.read(HEAD)
    opened = next((open_ for begins, open_ in _FORMATS if head.startswith(begins)), _plain)
    try:
        yield from opened(path)
    except (*BROKEN, sqlite3.Error) as error:
        raise InputError(f"it cannot be looked into ({type(error).__name__}: {_first(error)})") from None


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _plain(path: Path) -> Pieces:
    with open(path, "rb") as handle:
        yield from unpacked(handle)


def _gzip(path: Path) -> Pieces:
    """Alignments and variants are given as text, in which names stand apart; other gzip is unpacked."""
    with gzip.open(path) as handle:
        head = handle.read(5)
    if head.startswith(b"BAM\1"):
        yield from _alignments(path)
    elif head.startswith(b"BCF\2"):
        yield from _variants(path)
    else:
        yield from _plain(path)


def _alignments(path: Path) -> Pieces:
    """Give header, names of reads and tags, without decoding bases; a CRAM needs no reference for them."""
    import pysam

    options = [b"required_fields=0x1801"] if _is_cram(path) else None  # QNAME, AUX and RGAUX
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), check_sq=False, format_options=options) as handle:
            yield str(handle.header).encode() + b"\n"
            lines: list[str] = []
            for read in handle.fetch(until_eof=True):
                tags = (str(value) for _, value in read.get_tags() if isinstance(value, str))
                lines.append("\t".join([read.query_name or "", *tags]))
                if len(lines) == 4096:
                    yield "\n".join(lines).encode() + b"\n"
                    lines = []
            yield "\n".join(lines).encode() + b"\n"
    finally:
        pysam.set_verbosity(verbosity)


def _is_cram(path: Path) -> bool:
    with open(path, "rb") as handle:
        return handle.read(4) == b"CRAM"


def _variants(path: Path) -> Pieces:
    import pysam

    with pysam.VariantFile(str(path)) as handle:
        yield str(handle.header).encode() + b"\n"
        for record in handle:
            yield str(record).encode()


def _parquet(path: Path) -> Pieces:
    import pyarrow.parquet as pq

    from seqmill.privacy.encryption import decryption

    with pq.ParquetFile(path, decryption_properties=decryption(path)) as file:
        for key, value in (file.metadata.metadata or {}).items():
            yield key + b"\n" + value + b"\n"
        yield "\n".join(field.name for field in file.schema_arrow).encode() + b"\n"
        for batch in file.iter_batches():
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if name not in _PLACES:
                    yield from _column(column)


def _column(column: Any) -> Pieces:
    """Give the texts of an Arrow array, of lists, maps and records too; bytes of fixed size are tensors."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        yield from _column(column.dictionary_decode())
    elif pa.types.is_map(kind):
        yield from _column(column.keys)
        yield from _column(column.items)
    elif pa.types.is_struct(kind):
        yield "\n".join(field.name for field in kind).encode() + b"\n"
        for one in column.flatten():
            yield from _column(one)
    elif hasattr(kind, "value_type"):
        yield from _column(column.flatten())
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield "\n".join(filter(None, column.to_pylist())).encode() + b"\n"
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield b"\n".join(filter(None, column.to_pylist())) + b"\n"
    elif (pa.types.is_integer(kind) and kind.bit_width > 16) or pa.types.is_float64(kind):
        yield _long_numbers(column.drop_null().to_numpy(zero_copy_only=False))
    elif pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None):
        yield from _column(column.cast(pa.string()))


def _long_numbers(values: Any) -> bytes:
    """Give whole numbers that may be identifiers, as a sheet would show them."""
    import numpy as np

    if values.dtype.kind == "f":  # what a missing value makes of a column of integers
        values = values[(np.abs(values) < 2**53) & (values == np.floor(values))].astype(np.int64)
    return _lines(np.unique(values[values >= _SMALLEST]).tolist())


def _lines(values: Iterable[Any]) -> bytes:
    return "".join(f"{value}\n" for value in values).encode()


def _sqlite(path: Path) -> Pieces:
    uri = f"file:{path.resolve().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    try:
        connection.text_factory = bytes
        tables = [
            row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for table in tables:
            quoted = table.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):
                yield b"\n".join(cell for cell in row if isinstance(cell, bytes)) + b"\n"
                yield _lines(filter(None, map(_long_number, row)))
    finally:
        connection.close()


def _png(path: Path) -> Pieces:
    """Give the chunks of a PNG that hold text, unpacked where they are packed."""
    data = path.read_bytes()
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind in _TEXT_CHUNKS:
            yield body + b"\n"
            packed = body.partition(b"\0")[2].lstrip(b"\0\1")
            if kind != b"tEXt" and (start := packed.find(b"\x78")) >= 0:
                yield zlib.decompressobj().decompress(packed[start:]) + b"\n"
        at += 12 + length


def _json(path: Path) -> Pieces:
    """Give the texts of a JSON file as they are meant; one that is broken is given as it is."""
    yield from _plain(path)
    try:
        yield from _texts(json.loads(path.read_text()))
    except ValueError:
        return


def _texts(value: Any) -> Pieces:
    if isinstance(value, str):
        yield value.encode("utf-8", "replace") + b"\n"
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key.encode("utf-8", "replace") + b"\n"
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif number := _long_number(value):
        yield _lines([number])


def _long_number(value: Any) -> int | None:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole and value >= _SMALLEST else None


_FORMATS: tuple[tuple[bytes, Callable[[Path], Pieces]], ...] = (
    (b"\x1f\x8b", _gzip),
    (b"CRAM", _alignments),
    (b"{", _json),
    (b"[", _json),
    (b"PAR1", _parquet),
    (b"PARE", _parquet),
    (b"SQLite format 3\0", _sqlite),
    (_PNG, _png),
)
