"""The optimiser's place is taken by Opacus's: gradients are clipped for each person, summed and blurred.

Source of the method: Abadi et al. (2016), "Deep learning with differential privacy".
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch

from seqmill.errors import InputError, SeqmillError
from seqmill.training.private.budget import Budget
from seqmill.training.private.secret import draws

_PURPOSE = 2


class Noisy(pl.Callback):
    """Swaps the optimiser when training starts, and counts the steps that were blurred.

    Lightning has been seen to train on with the optimiser that it made itself, without any noise; each step
    is therefore compared with the count. Noise is a pure function of (key, seed, step).

    Parameters
    ----------
    budget : Budget
        Noise and sample rate.
    max_grad_norm : float
        Norm to which the gradient of each person is clipped.
    seed : int
        Seed of the run.
    key : tuple of int
        See `seqmill.training.private.secret.open_secret`.
    spent : callable
        Called with the steps taken so far at the end of each epoch.

    Attributes
    ----------
    steps : int
        Steps that were blurred, over all attempts.
    """

    def __init__(
        self,
        budget: Budget,
        *,
        max_grad_norm: float,
        seed: int,
        key: tuple[int, ...],
        spent: Callable[[int], None],
    ) -> None:
        self.steps = 0
        self._budget = budget
        self._max_grad_norm = max_grad_norm
        self._seed = seed
        self._key = key
        self._spent = spent
        self._generator: torch.Generator | None = None

    def state_dict(self) -> dict[str, int]:
        """Give the steps that were blurred."""
        return {"steps": self.steps}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Take up a saved state."""
        self.steps = state_dict["steps"]

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Refuse what Poisson sampling does not allow for.

        Raises
        ------
        InputError
            When gradients are added up over batches, or several processes train.
        """
        if trainer.accumulate_grad_batches != 1 or trainer.world_size != 1:
            raise InputError(
                f"privacy: gradients added up over {trainer.accumulate_grad_batches} batches and "
                f"{trainer.world_size} processes found, 1 and 1 wanted; give --devices 1"
            )

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Swap the optimiser; its state, restored or new, stays."""
        from opacus.optimizers import DPOptimizer

        (plain,) = trainer.strategy.optimizers
        self._generator = torch.Generator(device=pl_module.device)
        private = DPOptimizer(
            plain,
            noise_multiplier=self._budget.noise_multiplier,
            max_grad_norm=self._max_grad_norm,
            expected_batch_size=self._budget.sample_rate * self._budget.persons,
            generator=self._generator,
        )
        private.attach_step_hook(self._count)
        trainer.strategy.optimizers = [private]

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Seed the noise of the coming step."""
        assert self._generator is not None
        source = draws(self._key, self._seed, _PURPOSE, trainer.global_step)
        self._generator.manual_seed(int(source.generate_state(1, np.uint64)[0] >> np.uint64(1)))

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Stop at the first step that was not blurred.

        Raises
        ------
        SeqmillError
            When there was one.
        """
        if self.steps != trainer.global_step:
            raise SeqmillError(
                f"privacy: {trainer.global_step} steps taken and {self.steps} of them blurred; nothing is "
                "written, since the guarantee would not hold"
            )

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Tell what was spent."""
        self._spent(self.steps)

    def _count(self, optimizer: Any) -> None:
        self.steps += 1
