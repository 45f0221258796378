"""Lines of a text table, plain or gzipped, and what is wrong with them, told all at once."""

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from seqmill.errors import ConfigErrors, InputError

_SHOWN = 20


def table_lines(
    path: str | os.PathLike[str], *, headers: tuple[str, ...] = ("#",)
) -> Iterator[tuple[int, str]]:
    """Give number, from 1, and text of each line that is neither empty nor a header.

    Parameters
    ----------
    path : path
        The file; gzip is told by its first bytes.
    headers : tuple of str
        How the lines begin that are left out.

    Raises
    ------
    InputError
        When there is no such file, it is no text, or its compression is damaged.
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"{source}: there is no such file; correct its path")
    with open(source, "rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(source, "rt") if packed else open(source) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip() and not line.startswith(headers):
                    yield number, line.rstrip("\r\n")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{source}: cannot be read to its end ({error}), wanted text, plain or gzipped; copy it again"
        ) from None


class LineProblems:
    """What is wrong with the lines of one file, collected until the file is read.

    Parameters
    ----------
    source : path
        The file, for the message.
    """

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self._source = os.fspath(source)
        self._problems: list[str] = []
        self._count = 0

    def add(self, number: int, problem: str) -> None:
        """Note what was found on a line and what was wanted."""
        self._count += 1
        if self._count <= _SHOWN:
            self._problems.append(f"line {number}: {problem}")

    def close(self) -> None:
        """Raise if anything was noted: the first problems in full, the rest as a number.

        Raises
        ------
        ConfigErrors
            When a problem was added.
        """
        if self._count:
            rest = self._count - len(self._problems)
            more = [f"and {rest:,} more lines like these"] if rest else []
            raise ConfigErrors(self._source, [*self._problems, *more])
