"""Train a network on levels."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch

from seqmill.applications.expression.augment import mixed
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import moved, mutated, one_hot, shifted
from seqmill.models.windows import WindowNetwork
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class LevelTask(pl.LightningModule):
    """Squared error of levels. `total_steps` is set before training.

    Sequences are read in the direction of transcription and in no other: a promoter turned round is another
    promoter.

    Parameters
    ----------
    network : WindowNetwork
        One-hot DNA (B, 4, length) -> (B, 1).
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: WindowNetwork, run: Any) -> None:
        super().__init__()
        self.network = network
        self.run = run

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give levels, float32 (B,), of one-hot DNA (B, 4, length)."""
        return self.network(x)[:, 0]

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of the examples, changed as the augmentation says."""
        how, codes, levels = self.run.augmentation, batch["sequence"], batch["level"]
        if how.shift:
            codes = shifted(codes, how.shift)
        if how.mutations:
            codes = mutated(codes, how.mutations)
        x = one_hot(codes)
        if how.mixup:
            x, levels = mixed(x, levels, how.mixup)
        return _squared_error(self(x), levels, batch["weight"])

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of what is predicted."""
        loss = _squared_error(self._said(batch["sequence"]), batch["level"], batch["weight"])
        log_mean(self, "validation_loss", loss, batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``predicted_level`` (B,), in the unit of the levels that were learnt."""
        return {"predicted_level": self._said(batch["sequence"])}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _said(self, codes: torch.Tensor) -> torch.Tensor:
        """Give levels of sequences, a mean over the places to which ``augmentation.averaged`` moves them."""
        most = self.run.augmentation.averaged
        by = torch.arange(-most, most + 1, device=codes.device)
        return torch.stack([self(one_hot(moved(codes, one.expand(len(codes), 1)))) for one in by]).mean(0)


def _squared_error(said: torch.Tensor, levels: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return ((said - levels) ** 2 * weight).sum() / weight.sum()


def build_task(
    *, network: WindowNetwork, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> LevelTask:
    """Join a network and its configuration to a trainable task."""
    return LevelTask(network=network, run=run)
