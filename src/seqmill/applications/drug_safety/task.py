"""Train a network on toxicity in many assays, of which each molecule went through some."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from seqmill.applications.profiled.task import Batch, ProfiledTask
from seqmill.models.means import log_mean
from seqmill.models.robust import label_losses
from seqmill.shards.schema import Encoding


class SafetyTask(ProfiledTask):
    """Binary cross-entropy, or a robust loss, over the labels that are there; each counts the same."""

    def __init__(self, *, network: nn.Module, encoding: Encoding, run: Any) -> None:
        super().__init__(network=network, encoding=encoding, run=run)
        self.tasks: tuple[str, ...] = tuple(encoding.options["tasks"])

    def forward(self, batch: Batch) -> torch.Tensor:
        """Give logits, float32 (B, tasks)."""
        return self.network(self.input_of("molecules", batch["molecule"])).float()

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss."""
        return self._loss(batch, self.run.trainer.loss)[0]

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss."""
        log_mean(self, "validation_loss", *self._loss(batch, "standard"))

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``probability`` (B, tasks) of being toxic."""
        return {"probability": self(batch).sigmoid()}

    def _loss(self, batch: Batch, loss: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the mean over labels that are there, and the sum of their weights."""
        labels = torch.stack([batch[name] for name in self.tasks], 1)
        known = ~labels.isnan()
        weight = known * batch["weight"][:, None]
        logits, toxic = self(batch), labels.nan_to_num(0.0)
        if loss == "standard":
            losses = F.binary_cross_entropy_with_logits(logits, toxic, reduction="none")
        else:
            losses = label_losses(F.logsigmoid(torch.where(toxic > 0, logits, -logits)), loss)
        total = weight.sum()
        return (losses * weight).sum() / total.clamp(min=1e-9), total


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> SafetyTask:
    """Join a network and its configuration to a trainable task."""
    return SafetyTask(network=network, encoding=encoding, run=run)
