"""Files that are either whole or absent, and digests of what they hold."""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import seqmill
from seqmill.errors import InputError

_CHUNK = 1 << 20


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary sibling of `path` that takes its place when the block ends well.

    The suffixes of `path` are kept, so writers that look at them behave the same. File and name are on the
    disk when the block is left. On any error the temporary file is removed and `path` is left as it was.

    Raises
    ------
    InputError
        When `path` is a folder.
    OSError
        When the folder cannot be written, or the disk is full; the error names `path`.
    """
    target = Path(path)
    if target.is_dir():
        raise InputError(f"{target}: found a folder, wanted the name of a file to write")
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{os.getpid()}.part.{target.name}")
    try:
        yield aside
        with open(aside, "rb") as handle:
            os.fsync(handle.fileno())
        os.replace(aside, target)
        _sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and error.filename in (None, str(aside)):
            error.filename = str(target)
        raise
    finally:
        aside.unlink(missing_ok=True)


def remove_parts(folder: Path) -> None:
    """Remove what a killed process left half-written; no other may be writing there."""
    for path in folder.glob(".*.part.*"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a file's new name outlast a crash of the machine, where the file system can promise that."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def write_json(path: str | os.PathLike[str], content: Any) -> None:
    """Write `content` as JSON with sorted keys, atomically."""
    with atomic_path(path) as aside:
        aside.write_text(json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n")


def write_tsv(
    path: str | os.PathLike[str], rows: Iterable[Iterable[object]], *, comments: Iterable[str] = ()
) -> None:
    """Write rows of cells separated by tabs, atomically.

    Parameters
    ----------
    path : path
        The file.
    rows : iterable of iterable
        Cells of each row, the names of the columns first where the table has a header.
    comments : iterable of str
        Lines before the rows, as they stand.
    """
    with atomic_path(path) as aside:
        lines = (*comments, *("\t".join(map(str, row)) for row in rows))
        aside.write_text("".join(f"{line}\n" for line in lines))


def read_json(path: str | os.PathLike[str], *keys: str) -> Any:
    """Read a JSON file that the program wrote.

    Parameters
    ----------
    path : path
        The file.
    keys : str
        Keys that it has to hold; none accepts any content.

    Raises
    ------
    InputError
        When it is no JSON, or a key is missing.
    OSError
        When it cannot be read.
    """
    again = "write it again with the command that makes it, or give another file"
    try:
        content = json.loads(Path(path).read_text())
    except ValueError as error:
        raise InputError(f"{path}: whole JSON wanted, something else found ({error}); {again}") from None
    missing = [key for key in keys if not isinstance(content, dict) or key not in content]
    if missing:
        raise InputError(f"{path}: key '{missing[0]}' is missing; {again}")
    return content


def sha256_file(path: str | os.PathLike[str]) -> str:
    """Give the hexadecimal SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digest_json(content: Any) -> str:
    """Give the hexadecimal SHA-256 of `content` in canonical JSON (sorted keys, no white space)."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def program_version() -> str:
    """Give the version of the installed program."""
    return seqmill.__version__


def read_plan(path: Path) -> Any:
    """Read a plan that a user wrote: a YAML file.

    Raises
    ------
    InputError
        When there is no such file, or it is no YAML.
    """
    import yaml

    if not path.is_file():
        raise InputError(f"{path}: there is no such plan")
    try:
        return yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        words = " ".join(str(error).split())
        raise InputError(f"{path}: whole YAML wanted, something else found ({words})") from None
