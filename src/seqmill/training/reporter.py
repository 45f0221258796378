"""Sends a run's numbers to the tracking store while it trains, each of them once."""

import time
from typing import Any

import pytorch_lightning as pl

from seqmill.tracking.run import Run
from seqmill.training.history import History

EVERY_STEPS = 50
"""Steps from one logged batch loss to the next."""

Point = tuple[int, int, dict[str, float]]
"""A step, a time in ms since 1970, and numbers by name."""


class Reporter(pl.Callback):
    """Logs the loss of a batch now and then, and the entry of each epoch.

    All that was logged is part of the saved state. A resumed run offers it to the store again, which takes
    what it lacks: nothing is lost with a process that was killed while it was sending, and nothing is
    logged twice by steps that are trained again. An epoch's entry is sent when it is in the saved state,
    so that store and record agree on it.

    Parameters
    ----------
    run : Run or None
        The tracked run; none on ranks other than the first.
    history : History
        The callback that keeps the entries; it has to come before this one, and the one that saves after it.
    """

    def __init__(self, run: Run | None, history: History) -> None:
        self._run = run
        self._history = history
        self._points: list[Point] = []
        self._sent = 0

    def state_dict(self) -> dict[str, Any]:
        """Give all that was logged."""
        return {"points": self._points}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what an earlier attempt logged; it is sent again with what comes next."""
        self._points = [tuple(point) for point in state_dict["points"]]

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Send what an earlier attempt may not have sent."""
        self.send()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Log the loss of a batch."""
        if self._run is not None and trainer.global_step % EVERY_STEPS == 0:
            self._note({"batch_loss": float(outputs["loss"])}, trainer.global_step)
            self.send()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Note the epoch's entry; it is sent when it is saved."""
        entry = {name: value for name, value in self._history.entries[-1].items() if name != "step"}
        self._note(entry, trainer.global_step)

    def send(self) -> None:
        """Send what was noted and not sent yet."""
        if self._run is not None:
            for step, now, values in self._points[self._sent :]:
                self._run.metrics(values, step, now)
        self._sent = len(self._points)

    def _note(self, values: dict[str, float], step: int) -> None:
        self._points.append((step, int(time.time() * 1000), values))
