"""Look for identifiers in everything below some folders."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seqmill.errors import InputError
from seqmill.privacy.contents import contents
from seqmill.privacy.identifiers import Identifiers
from seqmill.progress import progress


@dataclass(frozen=True)
class Scan:
    """What a scan looked at and found.

    Attributes
    ----------
    files : int
        Files that were looked into.
    bytes : int
        Their size.
    found : dict
        File, or what else was looked at -> lines of the identifiers that it holds; its name may hold some.
    closed : dict
        File -> why it could not be looked into.
    """

    files: int = 0
    bytes: int = 0
    found: dict[str, list[int]] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)


def scan(paths: Sequence[Path], identifiers: Identifiers) -> Scan:
    """Look for identifiers in files and all below folders: contents, names, and targets of links.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    identifiers : Identifiers
        What to look for.

    Raises
    ------
    InputError
        When a path does not exist.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputError(f"{identifiers.masked(str(missing[0]))}: there is no such file or folder to scan")
    files = size = 0
    found: dict[str, list[int]] = {}
    closed: dict[str, str] = {}
    for path in progress(sorted(set(_files(paths))), desc="looking for identifiers", unit="files"):
        target = str(path.readlink()) if path.is_symlink() else ""
        lines = identifiers.within(f"{path}\n{target}".encode(errors="surrogateescape"))
        if path.is_file():
            files, size = files + 1, size + path.stat().st_size
            try:
                lines |= identifiers.within_pieces(contents(path))
            except InputError as error:
                closed[str(path)] = str(error)
        if lines:
            found[str(path)] = sorted(lines)
    return Scan(files, size, found, closed)


def with_texts(done: Scan, texts: Iterable[tuple[str, str]], identifiers: Identifiers) -> Scan:
    """Give a scan with further texts looked at: what each is of, and the text."""
    found = {of: sorted(lines) for of, text in texts if (lines := identifiers.within(text.encode()))}
    return replace(done, found=done.found | found)


def refuse(done: Scan, identifiers: Identifiers) -> None:
    """Raise an error that names the files with identifiers, and those that could not be looked into.

    Raises
    ------
    InputError
        When there are any; identifiers are named by their line in the list.
    """
    problems = [
        f"{identifiers.masked(path)}: holds {', '.join(map(identifiers.told, lines))}"
        for path, lines in done.found.items()
    ]
    problems += [identifiers.masked(f"{path}: {why}") for path, why in done.closed.items()]
    if problems:
        count = len(problems)
        raise InputError(
            f"{count} places hold identifiers of the list, or cannot be looked into; remove them, and see "
            "where they come from:\n" + "\n".join(f"  - {problem}" for problem in problems)
        )


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _files(sorted(path.iterdir()))
        yield path
