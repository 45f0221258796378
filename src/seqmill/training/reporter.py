"""Sends a run's numbers to the tracking store while it trains."""

from typing import Any

import pytorch_lightning as pl

from seqmill.tracking.run import Run
from seqmill.training.history import History

EVERY_STEPS = 50
"""Steps from one logged batch loss to the next."""


class Reporter(pl.Callback):
    """Logs the loss of a batch now and then, and the entry of each epoch.

    Parameters
    ----------
    run : Run
        The tracked run.
    history : History
        The callback that keeps the entries; it has to come before this one.
    """

    def __init__(self, run: Run, history: History) -> None:
        self._run = run
        self._history = history

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Log the loss of a batch."""
        if trainer.global_step % EVERY_STEPS == 0:
            self._run.metrics({"batch_loss": float(outputs["loss"])}, trainer.global_step)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log the epoch's entry."""
        entry = self._history.entries[-1]
        self._run.metrics(
            {name: value for name, value in entry.items() if name != "step"}, trainer.global_step
        )
