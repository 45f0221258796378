"""What a file holds, as text in pieces: packed, encoded and encrypted files are opened."""

import bz2
import gzip
import html
import json
import lzma
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from seqmill.errors import InputError

_PIECE = 1 << 20
_OVERLAP = 1 << 12  # bytes of a piece that are unescaped with the next one too
_PNG = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
_UNESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|&[#\w]+;")

Pieces = Iterator[bytes]


def contents(path: Path) -> Pieces:
    """Give what a file holds, piece by piece; what is packed is unpacked, by its first bytes.

    Known are gzip and BGZF (so BAM, BCF, VCF), bzip2, xz, CRAM, Parquet (also encrypted), SQLite, zip (so
    checkpoints), PNG and text with escapes (JSON, HTML, URLs). Anything else is given as it is.

    Raises
    ------
    InputError
        When a file cannot be opened, such as an encrypted one without its key: what cannot be looked into is
        not clean.
    """
    with open(path, "rb") as handle:
        head = handle.read(512)
    opened = next((open_ for begins, open_ in _FORMATS if head.startswith(begins)), _plain)
    try:
        yield from opened(path)
    except (
        OSError,
        EOFError,
        ValueError,
        zlib.error,
        lzma.LZMAError,
        sqlite3.Error,
        zipfile.BadZipFile,
    ) as error:
        raise InputError(f"it cannot be looked into ({type(error).__name__}: {_first(error)})") from None


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _read(handle: IO[bytes]) -> Pieces:
    while piece := handle.read(_PIECE):
        yield piece


def _plain(path: Path) -> Pieces:
    before = b""
    with open(path, "rb") as handle:
        for piece in _read(handle):
            yield piece
            text = (before + piece).decode("utf-8", "replace")
            if _UNESCAPED.search(text):
                yield b"\n" + _unescaped(text).encode()
            before = piece[-_OVERLAP:]


def _unescaped(text: str) -> str:
    """Undo the escapes of JSON, URLs and HTML."""
    from urllib.parse import unquote

    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return html.unescape(unquote(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")))


def _packed(opener: Callable[..., Any]) -> Callable[[Path], Pieces]:
    def read(path: Path) -> Pieces:
        with opener(path, "rb") as handle:
            yield from _read(handle)

    return read


def _gzip(path: Path) -> Pieces:
    """Alignments and variants are given as text, in which names stand apart; other gzip is unpacked."""
    with gzip.open(path) as handle:
        head = handle.read(5)
    if head.startswith(b"BAM\1"):
        yield from _alignments(path)
    elif head.startswith(b"BCF\2"):
        yield from _variants(path)
    else:
        yield from _packed(gzip.open)(path)


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
            for column in batch.columns:
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
    finally:
        connection.close()


def _zip(path: Path) -> Pieces:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            yield member.filename.encode() + b"\n" + member.comment + b"\n"
            with archive.open(member) as handle:
                yield from _read(handle)


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


_FORMATS: tuple[tuple[bytes, Callable[[Path], Pieces]], ...] = (
    (b"\x1f\x8b", _gzip),
    (b"BZh", _packed(bz2.open)),
    (b"\xfd7zXZ\0", _packed(lzma.open)),
    (b"CRAM", _alignments),
    (b"{", _json),
    (b"[", _json),
    (b"PAR1", _parquet),
    (b"PARE", _parquet),
    (b"SQLite format 3\0", _sqlite),
    (b"PK\3\4", _zip),
    (_PNG, _png),
)
