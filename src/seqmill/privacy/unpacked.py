"""What a stream of bytes holds, as text in pieces: archives in it are opened, escapes and UTF-16 undone."""

import bz2
import gzip
import html
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any
from urllib.parse import unquote

from seqmill.errors import InputError

DEEPEST = 4
"""Archives inside each other that are opened."""

BROKEN = (EOFError, ValueError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)
"""What the libraries raise when a file is not what its first bytes say."""

HEAD = 512
"""First bytes by which a format is known."""

Pieces = Iterator[bytes]

_PIECE = 1 << 20
_OVERLAP = 1 << 12  # bytes of a piece that are looked at with the next one too
_PRINTED = re.compile(rb"[^\0-\x08\x0e-\x1f]{4,}")  # texts in binary
_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|&[#\w]+;")
_WIDE = {  # letters of Latin-1 as UTF-16, in a row
    "utf-16-le": re.compile(rb"(?:[^\0]\0){4,}"),
    "utf-16-be": re.compile(rb"(?:\0[^\0]){4,}"),
}
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_PART_OF_WORD = re.compile(rb"^[\w\x80-\xff%\\&#;]*")
_PACKED = (".gz", ".tgz", ".bz2", ".xz", ".zip", ".tar")


def unpacked(handle: IO[bytes], *, name: str = "", depth: int = 0) -> Pieces:
    """Give what a stream holds: of an archive names and contents of its members, else its text.

    gzip, bzip2, xz, zip and tar are known by their first bytes. Bytes in an archive that only look like one
    of them, such as numbers in a checkpoint, are given as they are, unless the name says that it is one.

    Parameters
    ----------
    handle : file
        Open for reading bytes, and able to seek.
    name : str
        Name of the stream in the archive around it.
    depth : int
        Archives around it.

    Raises
    ------
    InputError
        When archives lie deeper inside each other than `DEEPEST`.
    OSError, zlib.error, ...
        One of `BROKEN`, when an archive is damaged.
    """
    head = handle.read(HEAD)
    handle.seek(0)
    opened = _opener(head)
    if opened is None:
        yield from text(handle)
    elif depth == DEEPEST:
        raise InputError(f"it cannot be looked into (more than {DEEPEST} archives inside each other)")
    elif depth == 0 or name.endswith(_PACKED):
        yield from opened(handle, depth)
    else:
        try:
            yield from opened(handle, depth)
        except BROKEN:
            handle.seek(0)
            yield from text(handle)


def text(handle: IO[bytes]) -> Pieces:
    """Give bytes as they stand, and beside them what their escapes and UTF-16 mean."""
    before = b""
    encoding = ""
    while piece := handle.read(_PIECE):
        encoding = encoding or (not before and _MARKS.get(piece[:2], "")) or ""
        yield piece
        meant = list(_meant(before + piece, encoding))
        if meant:
            yield b"\n" + b"\n".join(meant) + b"\n"
        before = _PART_OF_WORD.sub(b"", piece[-_OVERLAP:])
        if meant:
            yield before


def _meant(raw: bytes, encoding: str) -> Iterator[bytes]:
    is_binary = b"\0" in raw
    if _ESCAPE.search(raw):
        texts = _PRINTED.findall(raw) if is_binary else [raw]
        escaped = b"\n".join(one for one in texts if _ESCAPE.search(one))
        yield _unescaped(escaped.decode("utf-8", "replace")).encode()
    if is_binary and _alternates(raw):
        for wide, run in _WIDE.items():
            yield from (found[0].decode(wide).encode() for found in run.finditer(raw))
    if encoding:
        yield from (raw[shift:].decode(encoding, "replace").encode() for shift in (0, 1))


def _alternates(raw: bytes) -> bool:
    """Say quickly whether somewhere in eight bytes every other one is zero."""
    import numpy as np

    is_zero = np.frombuffer(raw, np.uint8) == 0
    two = is_zero[1:] != is_zero[:-1]
    three = two[1:] & two[:-1]
    five = three[2:] & three[:-2]
    return bool((five[3:] & five[:-3]).any())


def _unescaped(decoded: str) -> str:
    """Undo the escapes of JSON, URLs and HTML."""
    decoded = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), decoded)
    return html.unescape(unquote(decoded.encode("utf-8", "surrogatepass").decode("utf-8", "replace")))


def _one(opener: Callable[..., Any]) -> Callable[[IO[bytes], int], Pieces]:
    def read(handle: IO[bytes], depth: int) -> Pieces:
        with opener(handle, "rb") as inner:
            yield from unpacked(inner, depth=depth + 1)

    return read


def _zip(handle: IO[bytes], depth: int) -> Pieces:
    with zipfile.ZipFile(handle) as archive:
        yield archive.comment + b"\n"
        for member in archive.infolist():
            yield b"\n" + member.filename.encode() + b"\n" + member.comment + b"\n"
            with archive.open(member) as inner:
                yield from unpacked(inner, name=member.filename, depth=depth + 1)


def _tar(handle: IO[bytes], depth: int) -> Pieces:
    with tarfile.open(fileobj=handle, mode="r:") as archive:
        for member in archive:
            told = (member.name, member.linkname, member.uname, member.gname, *member.pax_headers.values())
            yield "\n".join(["", *told, ""]).encode(errors="surrogateescape")
            inner = archive.extractfile(member) if member.isfile() else None
            if inner is not None:
                yield from unpacked(inner, name=member.name, depth=depth + 1)


def _opener(head: bytes) -> Callable[[IO[bytes], int], Pieces] | None:
    if head[257:262] == b"ustar":
        return _tar
    return next((opener for begins, opener in _FORMATS if head.startswith(begins)), None)


_FORMATS: tuple[tuple[bytes, Callable[[IO[bytes], int], Pieces]], ...] = (
    (b"\x1f\x8b", _one(gzip.open)),
    (b"BZh", _one(bz2.open)),
    (b"\xfd7zXZ\0", _one(lzma.open)),
    (b"PK\3\4", _zip),
)
