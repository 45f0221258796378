"""Train a network to tell how many copies of a candidate allele a sample carries."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch import nn

from seqmill.applications.small_variants.augment import augment
from seqmill.applications.small_variants.networks import N_CLASSES
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class CopiesTask(pl.LightningModule):
    """Cross-entropy over 0, 1 and 2 copies; `total_steps` is set before training.

    Parameters
    ----------
    network : nn.Module
        Payloads (B, bytes) uint8 -> logits (B, 3).
    encoding : Encoding
        Encoding of the shards.
    run : RunConfig
        The composed configuration.
    label_counts : mapping
        Class -> examples in the training split.
    """

    total_steps: int = 1
    channels_last = True

    def __init__(
        self, *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
    ) -> None:
        super().__init__()
        self.network = network
        self.run = run
        self._columns = int(encoding.options["columns"])
        self._rule = {
            "min_support": int(encoding.options["min_support"]),
            "single_read_depth": int(encoding.options["single_read_depth"]),
        }
        self.register_buffer("class_weights", class_weights(run.trainer.class_weights, label_counts), False)

    def forward(self, pileup: torch.Tensor) -> torch.Tensor:
        """Give the logits, shape (B, 3)."""
        return self.network(pileup)

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of an augmented batch."""
        pileup = augment(batch["pileup"], self._columns, self.run.augmentation, **self._rule)
        loss = self._loss(self(pileup), batch, self.run.trainer.label_smoothing)
        return loss

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log loss and accuracy of a batch."""
        logits = self(batch["pileup"])
        log_mean(self, "validation_loss", self._loss(logits, batch, 0.0), batch["weight"].sum())
        right = (logits.argmax(1) == batch["copies"]).float()
        log_mean(self, "validation_accuracy", right.mean(), right.new_tensor(len(right)))

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``{"logits": (B, 3) float32}``."""
        return {"logits": self(batch["pileup"]).float()}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _loss(self, logits: torch.Tensor, batch: Batch, smoothing: float) -> torch.Tensor:
        weight = batch["weight"]
        losses = nn.functional.cross_entropy(
            logits.float(),
            batch["copies"].long(),
            weight=self.class_weights,
            label_smoothing=smoothing,
            reduction="none",
        )
        return (losses * weight).sum() / weight.sum()


def class_weights(rule: str, label_counts: Mapping[Any, int]) -> torch.Tensor:
    """Give the weight of each class: 1, or inversely by its frequency with mean 1 over examples.

    Returns
    -------
    Tensor, float32, shape (3,)
    """
    if rule == "none":
        return torch.ones(N_CLASSES)
    by_label = {int(label): int(count) for label, count in label_counts.items()}
    counts = torch.tensor([max(by_label.get(label, 0), 1) for label in range(N_CLASSES)])
    return counts.sum() / (N_CLASSES * counts.float())


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> CopiesTask:
    """Join a network and its configuration to a trainable task."""
    return CopiesTask(network=network, encoding=encoding, run=run, label_counts=label_counts)
