"""Saves the state of training, and stops it in time: at a signal, or before the time limit."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import pytorch_lightning as pl

from seqmill.errors import Interrupted

SAVE_EVERY_S = 600.0
"""Seconds of training after which the state is saved within an epoch."""


class Keeper(pl.Callback):
    """Keeps a state from which training goes on bit for bit.

    The state is saved at the end of each epoch, before the last batch of each epoch (so that a stop during
    evaluation costs one batch), every ten minutes, and on a stop.

    Parameters
    ----------
    path : Path
        Where the state is saved.
    deadline : float, optional
        Time on the monotonic clock at which training stops.
    """

    def __init__(self, path: Path, deadline: float | None = None) -> None:
        self._path = path
        self._deadline = deadline
        self._reason = ""
        self._saved_at = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Listen for signals from now on; Lightning puts the former handlers back at the end."""
        self._saved_at = time.monotonic()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._on_signal)
            signal.signal(signal.SIGINT, self._on_signal)

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Save where a save is due, then stop if asked to."""
        left = int(trainer.num_training_batches) - batch_idx - 1
        stop = self._asked_to_stop(trainer)
        overdue = trainer.strategy.reduce_boolean_decision(self._is_overdue(), all=False)
        if left == 1 or (left and (stop or overdue)):
            self._save(trainer)
        if stop:
            self._stop()

    def on_validation_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        """Stop if asked to; the state before the last batch of the epoch was saved."""
        if self._asked_to_stop(trainer):
            self._stop()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Save, then stop if asked to and epochs are left."""
        self._save(trainer)
        is_done = trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs
        if not is_done and self._asked_to_stop(trainer):
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._reason = f"stopped by {signal.Signals(number).name}"

    def _is_overdue(self) -> bool:
        return time.monotonic() - self._saved_at > SAVE_EVERY_S

    def _asked_to_stop(self, trainer: pl.Trainer) -> bool:
        if self._deadline is not None and time.monotonic() >= self._deadline and not self._reason:
            self._reason = "stopped at the time limit"
        return trainer.strategy.reduce_boolean_decision(bool(self._reason), all=False)

    def _save(self, trainer: pl.Trainer) -> None:
        trainer.save_checkpoint(self._path)
        self._saved_at = time.monotonic()

    def _stop(self) -> None:
        reason = self._reason or "stopped with another rank"
        raise Interrupted(f"{reason}; the state is saved, run the same command again to go on")
