"""Randomness as a function of (seed, step, rank), so that a resumed run draws what it would have drawn."""

import random
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch


def seed_at(seed: int, step: int = 0, rank: int = 0) -> int:
    """Seed every generator of this process for one step; give the 63-bit seed used for torch."""
    words = np.random.SeedSequence([seed, step, rank]).generate_state(2, np.uint64)
    derived = int(words[0] >> np.uint64(1))
    torch.manual_seed(derived)
    np.random.seed(int(words[1] & np.uint64(0xFFFFFFFF)))
    random.seed(derived)
    return derived


class SeededSteps(pl.Callback):
    """Seed the generators before each batch; what validation draws then has no say in training.

    Parameters
    ----------
    seed : int
        Seed of the run.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Seed the coming step."""
        seed_at(self._seed, trainer.global_step + 1, trainer.global_rank)
