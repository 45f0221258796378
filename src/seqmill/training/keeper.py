"""Saves the state of training, and stops it in time: at a signal, or before the time limit."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from seqmill.errors import Interrupted
from seqmill.stopping import Stop

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
    stop : Stop
        Whether to stop.
    saved : callable
        Called when the state is on the disk.
    """

    def __init__(self, path: Path, stop: Stop, saved: Callable[[], None]) -> None:
        self._path = path
        self._stop = stop
        self._saved = saved
        self._saved_at = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the signals back from Lightning, which puts the former handlers back at the end."""
        self._saved_at = time.monotonic()
        self._stop.listen()

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
            self._end()

    def on_validation_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        """Stop if asked to; the state before the last batch of the epoch was saved."""
        if self._asked_to_stop(trainer):
            self._end()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Save, then stop if asked to and epochs are left."""
        self._save(trainer)
        is_done = trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs
        if not is_done and self._asked_to_stop(trainer):
            self._end()

    def _is_overdue(self) -> bool:
        return time.monotonic() - self._saved_at > SAVE_EVERY_S

    def _asked_to_stop(self, trainer: pl.Trainer) -> bool:
        return trainer.strategy.reduce_boolean_decision(bool(self._stop.reason), all=False)

    def _save(self, trainer: pl.Trainer) -> None:
        trainer.save_checkpoint(self._path)
        self._saved_at = time.monotonic()
        self._saved()

    def _end(self) -> None:
        reason = self._stop.reason or "stopped with another rank"
        raise Interrupted(f"{reason}; the state is saved, run the same command again to go on")
