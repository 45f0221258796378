"""Logged files stay readable when their folder is moved or copied together with its SQLite store."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from seqmill.errors import InputError

_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
_WAIT_S = 60.0


def relocate(store: Path) -> dict[str, str]:
    """Rewrite the addresses of logged files that were moved, or copied, together with their store.

    MLflow keeps absolute addresses. An experiment whose folder of files (its last two names, such as
    ``artifacts/demo``) lies beside the store, and is not the one that the store names, is taken to have
    come here with the store. Files that are kept elsewhere are left alone.

    Parameters
    ----------
    store : Path
        File of a SQLite store.

    Returns
    -------
    dict
        Former address -> new address of each experiment that moved; empty when all are in place.

    Raises
    ------
    InputError
        When the folder has moved and the store cannot be written.
    """
    unchanged = f"{store.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(unchanged, uri=True, timeout=_WAIT_S)) as reading:
        moved = _moved(reading, store)
    if not moved:
        return {}
    try:
        with closing(sqlite3.connect(store, timeout=_WAIT_S)) as writing, writing:
            for old, new in moved.items():
                _rewrite(writing, old, new)
    except sqlite3.OperationalError as error:
        raise InputError(
            f"{store}: its folder was moved, and the new place of the logged files cannot be noted: {error}; "
            "make the store writable once"
        ) from error
    return moved


def _moved(store: sqlite3.Connection, path: Path) -> dict[str, str]:
    """Map the former addresses of experiments to those beside the store."""
    try:
        found = store.execute("select artifact_location from experiments").fetchall()
    except sqlite3.DatabaseError:  # no store; whoever opens it says so
        return {}
    moved = {}
    for (address,) in found:
        if not (address or "").startswith("file://"):
            continue
        old = Path(unquote(urlsplit(address).path))
        new = path.resolve().parent.joinpath(*old.parts[-2:])
        if new.is_dir() and not (old.is_dir() and old.samefile(new)):
            moved[address] = new.as_uri()
    return moved


def _rewrite(store: sqlite3.Connection, old: str, new: str) -> None:
    for table, column in _ADDRESSES:
        store.execute(
            f"update {table} set {column} = ? || substr({column}, ?) "
            f"where {column} = ? or substr({column}, 1, ?) = ?",
            (new, len(old) + 1, old, len(old) + 1, f"{old}/"),
        )
