"""Follows the losses: an entry for each epoch, the best weights kept, an end when nothing improves."""

import math
import sys
import time
from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch

from seqmill.errors import SeqmillError
from seqmill.progress import progress
from seqmill.training.world import agreed, over_ranks

MONITORED = "validation_loss"


class History(pl.Callback):
    """Losses by epoch, the best epoch, and early stopping.

    Parameters
    ----------
    patience : int
        Evaluations without a better validation loss after which training ends; 0 never ends it.
    keep_best : callable
        Called when the weights are the best so far.
    waited : callable
        Gives the seconds that training has waited for batches so far.

    Attributes
    ----------
    entries : list of dict
        For each epoch ``epoch`` (from 1), ``step``, ``train_loss`` (mean by weight), ``learning_rate``,
        ``examples_per_s``, ``loader_wait`` (share of the training time spent waiting for batches),
        ``seconds``, and all that the task logged as ``validation_*`` when the epoch was evaluated.
    best : dict
        ``epoch`` and ``validation_loss`` of the best evaluation.
    seconds : float
        Seconds of training and evaluation, over all attempts.
    cpu_seconds : float
        CPU seconds, user and system, that this process with all its threads spent meanwhile.
    """

    def __init__(self, *, patience: int, keep_best: Callable[[], None], waited: Callable[[], float]) -> None:
        self.entries: list[dict[str, float]] = []
        self.best: dict[str, float] = {"epoch": 0, MONITORED: math.inf}
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self._patience = patience
        self._keep_best = keep_best
        self._waited = waited
        self._worse = 0
        self._stopped = False
        self._sums: torch.Tensor | None = None
        self._restored = [0.0, 0.0, 0.0]
        self._train_seconds = 0.0
        self._wait_seconds = 0.0
        self._waited_before = 0.0
        self._evaluated: dict[str, float] = {}
        self._clock = 0.0
        self._cpu_clock = 0.0
        self._bar: Any = None

    @property
    def examples_per_second(self) -> float:
        """Training examples a second, the median over epochs."""
        rates = sorted(entry["examples_per_s"] for entry in self.entries)
        return rates[len(rates) // 2] if rates else 0.0

    def state_dict(self) -> dict[str, Any]:
        """Give what a resumed run needs to go on with."""
        return {
            "entries": self.entries,
            "best": self.best,
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "worse": self._worse,
            "stopped": self._stopped,
            "sums": self._sums.tolist() if self._sums is not None else self._restored,
            "train_seconds": self._train_seconds,
            "wait_seconds": self._wait_seconds,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up a saved state."""
        self.entries = list(state_dict["entries"])
        self.best = dict(state_dict["best"])
        self.seconds = state_dict["seconds"]
        self.cpu_seconds = state_dict["cpu_seconds"]
        self._worse = state_dict["worse"]
        self._stopped = state_dict["stopped"]
        self._restored = state_dict["sums"]
        self._train_seconds = state_dict["train_seconds"]
        self._wait_seconds = state_dict["wait_seconds"]

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Stay stopped where early stopping had ended training."""
        trainer.should_stop = trainer.should_stop or self._stopped

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take up the sums of an unfinished epoch."""
        self._sums = torch.tensor(self._restored, dtype=torch.float64, device=pl_module.device)
        self._clock, self._cpu_clock = time.monotonic(), time.process_time()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Add a batch to the epoch's sums."""
        assert self._sums is not None
        weight = batch["weight"].sum(dtype=torch.float64)
        loss = outputs["loss"].detach().double() * weight
        self._sums += over_ranks(torch.stack([loss, weight, weight.new_tensor(len(batch["weight"]))]))
        self._train_seconds += self._lap()
        waited = self._waited()
        self._wait_seconds += waited - self._waited_before
        self._waited_before = waited
        self._show(trainer, batch_idx)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take up what was evaluated; keep the weights when they are the best so far."""
        self._lap()
        self._evaluated = {
            name: agreed(name, value)
            for name, value in trainer.callback_metrics.items()
            if name.startswith("validation_")
        }
        loss = self._evaluated.get(MONITORED, math.nan)
        epoch = trainer.current_epoch + 1
        if not math.isfinite(loss):
            raise SeqmillError(
                f"epoch {epoch}: the validation loss is {loss}; "
                "lower optimizer.learning_rate or optimizer.gradient_clip"
            )
        if loss < self.best[MONITORED]:
            self.best = {"epoch": epoch, MONITORED: loss}
            self._worse = 0
            self._keep_best()
        else:
            self._worse += 1
            self._stopped = 0 < self._patience <= self._worse

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Close the epoch: its entry, its line, and the end of training when there is no progress."""
        assert self._sums is not None
        total, weight, examples = self._sums.tolist()
        entry = {
            "epoch": trainer.current_epoch + 1,
            "step": trainer.global_step,
            "train_loss": total / weight if weight else 0.0,
            "learning_rate": float(trainer.optimizers[0].param_groups[0]["lr"]),
            "examples_per_s": examples / max(1e-9, self._train_seconds),
            "loader_wait": self._wait_seconds / max(1e-9, self._train_seconds),
            "seconds": self.seconds,
            **self._evaluated,
        }
        self.entries.append(entry)
        self._say(trainer, entry)
        self._sums.zero_()
        self._train_seconds = self._wait_seconds = 0.0
        self._evaluated = {}
        trainer.should_stop = trainer.should_stop or self._stopped

    def _lap(self) -> float:
        now, cpu_now = time.monotonic(), time.process_time()
        passed, self._clock = now - self._clock, now
        used, self._cpu_clock = cpu_now - self._cpu_clock, cpu_now
        self.seconds += passed
        self.cpu_seconds += used
        return passed

    def _show(self, trainer: pl.Trainer, batch_idx: int) -> None:
        if not trainer.is_global_zero:
            return
        total = int(trainer.num_training_batches)
        if self._bar is None:
            name = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}"
            self._bar = progress(total=total, desc=name, unit="batches")
            self._bar.update(batch_idx)
        self._bar.update(1)
        if batch_idx + 1 == total:
            self._bar.close()
            self._bar = None

    def _say(self, trainer: pl.Trainer, entry: dict[str, float]) -> None:
        if not trainer.is_global_zero:
            return
        words = [f"epoch {entry['epoch']}/{trainer.max_epochs}", f"train loss {entry['train_loss']:.5f}"]
        if MONITORED in entry:
            words.append(f"validation loss {entry[MONITORED]:.5f}")
            words.append("best so far" if self._worse == 0 else f"best {self.best[MONITORED]:.5f}")
        words.append(f"{entry['examples_per_s']:,.0f} examples/s")
        print(" | ".join(words), file=sys.stderr, flush=True)
        if self._stopped:
            print(
                f"no better validation loss for {self._worse} evaluations; best: epoch {self.best['epoch']}",
                file=sys.stderr,
            )
