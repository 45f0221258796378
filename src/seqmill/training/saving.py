"""Files of tensors that are whole or absent, with the one before kept for the day the newest is not."""

import io
import os
from pathlib import Path
from typing import Any

import torch
from lightning_fabric.plugins.io.torch_io import TorchCheckpointIO

from seqmill.files import atomic_path
from seqmill.training.state import former


def save_whole(content: Any, path: Path, *, keep: Path | None = None) -> None:
    """Write tensors and plain values, whole or not at all.

    Parameters
    ----------
    content : object
        What ``torch.save`` takes.
    path : Path
        The file.
    keep : Path, optional
        Where the file that was at `path` is kept.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; the file that was there is left as it was.
    """
    serialised = io.BytesIO()
    torch.save(content, serialised)  # writing by itself, torch would not say that the disk is full
    with atomic_path(path) as aside:
        with open(aside, "wb") as handle:
            handle.write(serialised.getbuffer())
            handle.flush()
            os.fsync(handle.fileno())
        if keep is not None and path.is_file():
            os.replace(path, keep)


class StateIO(TorchCheckpointIO):
    """Writes states whole or not at all, keeps the one before, and reads but tensors and plain values."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write a state; the one before is kept beside it."""
        save_whole(checkpoint, Path(path), keep=former(Path(path)))

    def load_checkpoint(
        self, path: Any, map_location: Any = "cpu", weights_only: bool | None = True
    ) -> dict[str, Any]:
        """Read a state onto the CPU."""
        return torch.load(path, map_location="cpu", weights_only=True)
