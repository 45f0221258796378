"""What noise and batches are drawn from: a secret that lives as long as the state of a run."""

import os
import secrets
from pathlib import Path

import numpy as np

from seqmill.errors import InputError
from seqmill.files import atomic_path

_FILE = "noise.key"
_BYTES = 32


def open_secret(folder: Path, *, seeded: bool) -> tuple[int, ...]:
    """Give the words that all draws of a run hang on beside its seed.

    They are drawn once from the operating system and kept in the folder of the state, for its owner alone to
    read, so that a run that goes on draws what it would have drawn. The folder is removed when the run is
    complete; then nobody can take the noise away again.

    Parameters
    ----------
    folder : Path
        Folder of the state.
    seeded : bool
        Whether there is to be no secret.

    Raises
    ------
    InputError
        When the file is not whole.
    """
    if seeded:
        return ()
    path = folder / _FILE
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with (
            atomic_path(path) as aside,
            open(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as handle,
        ):
            handle.write(secrets.token_bytes(_BYTES))
            handle.flush()
            os.fsync(handle.fileno())
    held = path.read_bytes()
    if len(held) != _BYTES:
        raise InputError(f"{path}: {len(held)} bytes found, {_BYTES} wanted; remove {folder} to train anew")
    return tuple(np.frombuffer(held, "<u4").tolist())


def draws(key: tuple[int, ...], seed: int, purpose: int, step: int) -> np.random.SeedSequence:
    """Give the source of what is drawn in one step for one purpose: a pure function of its arguments."""
    return np.random.SeedSequence([*key, seed, purpose, step])
