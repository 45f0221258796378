"""Train a network on levels of modification, each counting as much as the reads behind it."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch import nn
from torch.nn import functional as F

from seqmill.applications.methylation.spec import Options, options_of
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import one_hot
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class LevelTask(pl.LightningModule):
    """Cross-entropy of soft labels: a level of 0.8 from 20 calls counts as 16 ones and 4 zeros.

    `total_steps` is set before training.

    Parameters
    ----------
    network : Module
        One-hot DNA (B, 4, window) -> logits (B, marks).
    options : Options
        Example options of the shards.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: nn.Module, options: Options, run: Any) -> None:
        super().__init__()
        self.network = network
        self.options = options
        self.run = run

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the log-odds of each mark, float32 (B, marks)."""
        return self.network(x).float()

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of a batch."""
        return self._loss(batch)

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of a batch."""
        log_mean(self, "validation_loss", self._loss(batch), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``predicted_levels`` (B, marks), in [0, 1]."""
        return {"predicted_levels": self(one_hot(batch["sequence"])).sigmoid()}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _loss(self, batch: Batch) -> torch.Tensor:
        """Average over calls; the weights of an example's marks add up to its own."""
        marks = self.options.marks
        level = torch.stack([batch[f"level_{mark}"] for mark in marks], dim=1)
        coverage = torch.stack([batch[f"coverage_{mark}"] for mark in marks], dim=1)
        weight = coverage.clamp(max=self.options.max_weight)
        log_odds = self(one_hot(batch["sequence"]))
        losses = F.binary_cross_entropy_with_logits(log_odds, level, reduction="none")
        return (losses * weight).sum() / weight.sum()


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> LevelTask:
    """Join a network and its configuration to a trainable task."""
    return LevelTask(network=network, options=options_of(encoding.options), run=run)
