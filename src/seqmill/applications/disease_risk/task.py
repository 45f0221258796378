"""Train a network on one of the outcomes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy.typing as npt
import torch
from torch import nn

from seqmill.applications.disease_risk.losses import cox_loss, logistic_loss
from seqmill.applications.disease_risk.outcomes import (
    BINARY,
    CLASSES,
    DISEASE,
    EVENT,
    LABELS,
    QUANTITATIVE,
    SURVIVAL,
    TIME,
    TRAIT,
    check_variation,
)
from seqmill.applications.profiled.task import Batch, StandardisedTask
from seqmill.models.means import log_mean
from seqmill.models.robust import number_losses
from seqmill.shards.schema import Encoding

LOG_RISK = "predicted_log_risk"
"""What is said of survival: the logarithm of the hazard, up to a constant."""


class RiskTask(StandardisedTask):
    """One number for each person.

    It is the log-odds of a disease, a trait less its training mean in units of its training spread, or the
    logarithm of the hazard.

    Parameters
    ----------
    network, encoding, run
        As in `StandardisedTask`.
    label_counts : mapping
        Class -> examples in the training split.
    """

    class_weights: torch.Tensor

    def __init__(
        self, *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
    ) -> None:
        super().__init__(network=network, encoding=encoding, run=run)
        self.outcome = encoding.options["outcome"]
        weights = class_weights(run.trainer.class_weights, label_counts)
        self.register_buffer("class_weights", weights, persistent=False)

    def fit_tables(self, examples: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fit the standardisation of the tables, and level and spread of a trait.

        Raises
        ------
        InputError
            When a label is the same in all training examples.
        """
        super().fit_tables(examples)
        check_variation({name: examples[name] for name in LABELS[self.outcome]}, where="split 'train'")
        if self.outcome == QUANTITATIVE:
            self.fit_label(examples[TRAIT])

    def forward(self, batch: Batch) -> torch.Tensor:
        """Give the number of each person, float32 (B,)."""
        inputs = self.input_of("profiles", batch["profile"], self.run.augmentation.modality_dropout)
        return self.network(inputs)[:, 0].float()

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss."""
        trainer = self.run.trainer
        return self._loss(batch, trainer.loss, smoothing=trainer.label_smoothing)

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss."""
        log_mean(self, "validation_loss", self._loss(batch, "standard"), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``logits`` (B, 2) of a disease, ``predicted_trait`` or ``predicted_log_risk`` (B,)."""
        said = self(batch)
        if self.outcome == BINARY:
            return {"logits": torch.stack([torch.zeros_like(said), said], 1)}
        if self.outcome == QUANTITATIVE:
            return {f"predicted_{TRAIT}": self.restored(said)}
        return {LOG_RISK: said}

    def _loss(self, batch: Batch, loss: str, *, smoothing: float = 0.0) -> torch.Tensor:
        said, weight = self(batch), batch["weight"]
        if self.outcome == SURVIVAL:
            return cox_loss(said, batch[TIME], batch[EVENT], weight)
        if self.outcome == BINARY:
            losses = logistic_loss(
                said, batch[DISEASE], class_weights=self.class_weights, smoothing=smoothing, loss=loss
            )
        else:
            losses = number_losses(said, self.standardised(batch[TRAIT]), loss)
        return (losses * weight).sum() / weight.sum()


def class_weights(rule: str, label_counts: Mapping[str, int]) -> torch.Tensor:
    """Give the weight of each class: 1, or inversely by its frequency with mean 1 over examples; (2,)."""
    if rule == "none":
        return torch.ones(len(CLASSES))
    counts = torch.tensor([max(label_counts.get(name, 0), 1) for name in CLASSES])
    return counts.sum() / (len(CLASSES) * counts.float())


def risk_of(task: RiskTask) -> Callable[[torch.Tensor], torch.Tensor]:
    """Give the function from the inputs of profiles, (N, width), to log-odds, trait or log hazard, (N,)."""
    return lambda inputs: task.restored(task.network(inputs)[:, 0])


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> RiskTask:
    """Join a network and its configuration to a trainable task."""
    return RiskTask(network=network, encoding=encoding, run=run, label_counts=label_counts)
