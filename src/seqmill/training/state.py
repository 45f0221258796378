"""The resumable state of a run: a folder outside the outputs, named by what decides the result."""

import fcntl
import os
import shutil
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import digest_json, read_json, remove_parts, write_json
from seqmill.training.config import RunConfig
from seqmill.training.validate import to_plain

_LAYOUT = 4  # raised when states hold other things than before, so that an old one is not taken for a new one
_LOCK, _NOTE, _DROPPED = "lock", "run.json", ".dropped."
_PATIENCE_S = 2.0  # a killed process, or a look at whether one still runs, holds the lock for a moment


@dataclass
class State:
    """The saved state of one run.

    Attributes
    ----------
    folder : Path
        Where it lies.
    run_id : str or None
        The tracked run to go on with.
    attempt : int
        How often the run was started, this time included.
    key : str
        Identity of the state, the same in all attempts: it finds the tracked run of an attempt that was
        killed before it could note the run's id.
    """

    folder: Path
    run_id: str | None = None
    attempt: int = 1
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def last(self) -> Path:
        """Newest full state of training."""
        return self.folder / "last.ckpt"

    @property
    def best(self) -> Path:
        """Portable checkpoint of the best epoch so far."""
        return self.folder / "best.ckpt"

    def usable(self) -> Path | None:
        """Give the newest full state that is whole, None when there is none: then training starts anew.

        A state that is not whole is named on stderr and left out.
        """
        for path in (self.last, former(self.last)):
            if not path.is_file():
                continue
            if is_whole(path):
                return path
            print(f"warning: {path}: this state is damaged; going on from the one before it", file=sys.stderr)
        return None

    def remember(self, run_id: str) -> None:
        """Note which tracked run this is."""
        self.run_id = run_id
        self._write()

    def remove(self) -> None:
        """Drop the state of a run that is complete: full states first, the note of the tracked run last.

        A process killed in the midst of it goes on, or trains anew, as the same run; it never finds a full
        state without the best weights so far.
        """
        for path in (self.last, former(self.last), *self.folder.iterdir()):
            if path.name not in (_LOCK, _NOTE):
                path.unlink(missing_ok=True)
        aside = self.folder.with_name(f"{_DROPPED}{os.getpid()}.{self.folder.name}")
        os.replace(self.folder, aside)
        shutil.rmtree(aside)

    def _write(self) -> None:
        content = {"run_id": self.run_id, "attempt": self.attempt, "key": self.key}
        write_json(self.folder / _NOTE, content)


@contextmanager
def open_state(root: Path, run: RunConfig, dataset_digest: str) -> Iterator[State]:
    """Open the state that belongs to a configuration and a dataset; no other configuration finds it.

    Raises
    ------
    InputError
        When another process holds it.
    """
    folder = state_folder(root, run, dataset_digest)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / _LOCK, "w") as lock:
        if not _take(lock, _PATIENCE_S):
            raise InputError(f"{folder}: another process trains this run; wait for it, or stop it first")
        _clear(folder)
        note = folder / _NOTE
        known = read_json(note) if note.is_file() else {}
        state = State(folder, known.get("run_id"), known.get("attempt", 0) + 1)
        state.key = known.get("key", state.key)
        state._write()
        yield state


def state_folder(root: Path, run: RunConfig, dataset_digest: str) -> Path:
    """Name the folder by experiment, seed and the digest of configuration and dataset content."""
    plain = to_plain(run)
    plain |= {"dataset": dataset_digest, "layout": _LAYOUT}
    return root / f"{run.experiment}-{run.seed}-{digest_json(plain)[:16]}"


def former(path: Path) -> Path:
    """Give where the state before the one at `path` is kept."""
    return path.with_name(f"former-{path.name}")


def is_whole(path: Path) -> bool:
    """Say whether a state can be read to its end with all its checksums right (states are zip archives)."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, OSError, EOFError):
        return False


def idle_runs(root: Path) -> list[str]:
    """Give the tracked runs of all states that no process holds.

    Parameters
    ----------
    root : Path
        Folder of resumable states; it need not exist.

    Returns
    -------
    list of str
        Ids of tracked runs: stopped, failed or killed ones, whatever the store says about them.
    """
    return [run_id for run_id, is_held in _known_runs(root) if not is_held]


def held_runs(root: Path) -> set[str]:
    """Give the tracked runs of all states that a living process holds; the folder need not exist."""
    return {run_id for run_id, is_held in _known_runs(root) if is_held}


def _known_runs(root: Path) -> Iterator[tuple[str, bool]]:
    """Yield the tracked run of each state, and whether a process holds it; no file is made or changed."""
    for note in sorted(root.glob(f"*/{_NOTE}")):
        try:
            run_id = read_json(note).get("run_id")
            with open(note.with_name(_LOCK)) as lock:
                is_held = not _take(lock, 0.0, fcntl.LOCK_SH)
        except (OSError, InputError):
            continue  # it was dropped in this moment, or is no state
        if run_id:
            yield str(run_id), is_held


def _take(lock: Any, patience_s: float, kind: int = fcntl.LOCK_EX) -> bool:
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.1)


def _clear(folder: Path) -> None:
    """Remove what a killed process left half-written, and states that it had begun to drop."""
    remove_parts(folder)
    for path in folder.parent.glob(f"{_DROPPED}*.{folder.name}"):
        shutil.rmtree(path, ignore_errors=True)
