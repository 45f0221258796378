"""The resumable state of a run: a folder outside the outputs, named by what decides the result."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning_fabric.plugins.io.torch_io import TorchCheckpointIO

from seqmill.errors import InputError
from seqmill.files import atomic_path, digest_json, read_json, write_json
from seqmill.training.config import RunConfig
from seqmill.training.validate import to_plain


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
    """

    folder: Path
    run_id: str | None = None
    attempt: int = 1

    @property
    def last(self) -> Path:
        """Newest full state of training."""
        return self.folder / "last.ckpt"

    @property
    def best(self) -> Path:
        """Portable checkpoint of the best epoch so far."""
        return self.folder / "best.ckpt"

    def remember(self, run_id: str) -> None:
        """Note which tracked run this is."""
        self.run_id = run_id
        self._write()

    def remove(self) -> None:
        """Drop the state of a run that is complete."""
        shutil.rmtree(self.folder)

    def _write(self) -> None:
        write_json(self.folder / "run.json", {"run_id": self.run_id, "attempt": self.attempt})


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
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"{folder}: another process trains this run; wait for it, or stop it first"
            ) from error
        note = folder / "run.json"
        known = read_json(note) if note.is_file() else {"run_id": None, "attempt": 0}
        state = State(folder, known["run_id"], known["attempt"] + 1)
        state._write()
        yield state


def state_folder(root: Path, run: RunConfig, dataset_digest: str) -> Path:
    """Name the folder by experiment, seed and the digest of configuration and dataset content."""
    plain = to_plain(run)
    plain["dataset"] = dataset_digest
    return root / f"{run.experiment}-{run.seed}-{digest_json(plain)[:16]}"


class AtomicIO(TorchCheckpointIO):
    """Writes states whole or not at all, and reads nothing but tensors and plain values."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write a state atomically."""
        with atomic_path(path) as aside:
            torch.save(checkpoint, aside)

    def load_checkpoint(
        self, path: Any, map_location: Any = "cpu", weights_only: bool | None = True
    ) -> dict[str, Any]:
        """Read a state onto the CPU."""
        return torch.load(path, map_location="cpu", weights_only=True)
