"""Train a network on responses."""

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
import torch
from torch import nn

from seqmill.applications.drug_response.spec import LABEL
from seqmill.applications.profiled.task import Batch, StandardisedTask
from seqmill.models.means import log_mean
from seqmill.models.robust import number_losses
from seqmill.shards.schema import Encoding


class ResponseTask(StandardisedTask):
    """Squared error of responses, or a robust loss, in units of the spread of the training responses."""

    def fit_tables(self, examples: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fit the standardisation of the tables, and level and spread of the responses."""
        super().fit_tables(examples)
        self.fit_label(examples[LABEL])

    def forward(self, batch: Batch) -> torch.Tensor:
        """Give standardised responses, float32 (B,)."""
        profiles, of_profile = self.looked_up(
            "profiles", batch["profile"], self.run.augmentation.modality_dropout
        )
        molecules, of_molecule = self.looked_up("molecules", batch["molecule"])
        return self.network(profiles, molecules, of_profile, of_molecule)[:, 0]

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss."""
        return self._loss(batch, self.run.trainer.loss)

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss."""
        log_mean(self, "validation_loss", self._loss(batch, "standard"), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``predicted_response`` (B,), in the unit of the responses that were learnt."""
        return {f"predicted_{LABEL}": self.restored(self(batch))}

    def _loss(self, batch: Batch, loss: str) -> torch.Tensor:
        losses = number_losses(self(batch), self.standardised(batch[LABEL]), loss)
        return (losses * batch["weight"]).sum() / batch["weight"].sum()


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> ResponseTask:
    """Join a network and its configuration to a trainable task."""
    return ResponseTask(network=network, encoding=encoding, run=run)
