"""Train a network to tell masked bases."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch.nn import functional as F

from seqmill.applications.masked_bases.masks import (
    EVERY,
    Masked,
    mask_at_random,
    mask_evenly,
    masked_places,
)
from seqmill.applications.masked_bases.networks import MaskedNetwork
from seqmill.applications.masked_bases.spec import Options
from seqmill.errors import InputError
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import one_hot, reverse_complement
from seqmill.shards.bases import AMBIGUOUS
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class MaskedTask(pl.LightningModule):
    """Cross-entropy of the bases that are asked for, each example's mean.

    In training they are drawn anew each time; in validation and where models are scored they hang on the
    example alone. `total_steps` is set before training.

    Parameters
    ----------
    network : MaskedNetwork
        One-hot DNA -> logits of each base.
    options : Options
        Example options of the shards.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: MaskedNetwork, options: Options, run: Any) -> None:
        super().__init__()
        self.network = network
        self.options = options
        self.run = run

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give logits; see `MaskedNetwork.forward`."""
        return self.network(x)

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of moved, turned and masked examples."""
        augmentation, codes = self.run.augmentation, batch["sequence"]
        rows = len(codes)
        moved = torch.randint(-augmentation.jitter, augmentation.jitter + 1, (rows,), device=codes.device)
        whole = self._cut(codes, moved)
        if augmentation.reverse_complement:
            turned = torch.rand(rows, device=codes.device) < 0.5
            whole = torch.where(turned[:, None], _other_strand(whole), whole)
        masked = mask_at_random(self._inner(whole), augmentation.masked)
        return self._loss(whole, masked, batch["weight"])

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of the examples as they lie."""
        whole, masked = self._scored(batch)
        log_mean(self, "validation_loss", self._loss(whole, masked, batch["weight"]), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Tell the masked bases of each example, probabilities averaged over both strands.

        Returns
        -------
        dict
            ``log_likelihoods`` (B, places), natural logarithm of the probability of the base at each masked
            place in order, nan where there is none or the base is unknown; ``accuracy`` (B,), share of bases
            whose most probable one is the true one.
        """
        whole, masked = self._scored(batch)
        x = one_hot(self._shown(whole, masked))
        forward, backward = self(x).softmax(1), self(reverse_complement(x)).softmax(1).flip((1, 2))
        told = (forward + backward) / 2
        truth = self._inner(whole).long().clamp(max=AMBIGUOUS - 1)
        likelihood = told.gather(1, truth[:, None]).squeeze(1).log()
        likelihood = likelihood.masked_fill(~masked.asked, torch.nan)
        places = masked_places(batch["example_id"], self.options.span)
        likelihood = F.pad(likelihood, (0, EVERY), value=torch.nan).gather(1, places)
        right = (told.argmax(1) == truth).float()
        return {"log_likelihoods": likelihood, "accuracy": _mean(right, masked.asked)}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _scored(self, batch: Batch) -> tuple[torch.Tensor, Masked]:
        codes = batch["sequence"]
        whole = self._cut(codes, torch.zeros(len(codes), dtype=torch.int64, device=codes.device))
        return whole, mask_evenly(self._inner(whole), batch["example_id"])

    def _cut(self, codes: torch.Tensor, moved: torch.Tensor) -> torch.Tensor:
        """Give the span of each row, moved, with the network's margin on either side."""
        margin = self.network.margin
        places = torch.arange(self.options.span + 2 * margin, device=codes.device)
        return codes.gather(1, places + (self.options.flank - margin + moved)[:, None])

    def _inner(self, whole: torch.Tensor) -> torch.Tensor:
        return whole[:, self.network.margin : self.network.margin + self.options.span]

    def _shown(self, whole: torch.Tensor, masked: Masked) -> torch.Tensor:
        margin = self.network.margin
        return torch.cat([whole[:, :margin], masked.codes, whole[:, margin + self.options.span :]], dim=1)

    def _loss(self, whole: torch.Tensor, masked: Masked, weight: torch.Tensor) -> torch.Tensor:
        logits = self(one_hot(self._shown(whole, masked)))
        truth = self._inner(whole).long().clamp(max=AMBIGUOUS - 1)
        losses = _mean(F.cross_entropy(logits, truth, reduction="none"), masked.asked)
        return (losses * weight).sum() / weight.sum()


def _mean(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Give each row's mean over what is chosen; 0 where nothing is."""
    return (values * chosen).sum(1) / chosen.sum(1).clamp(min=1)


def _other_strand(codes: torch.Tensor) -> torch.Tensor:
    """Give the reverse complement of base codes (B, L)."""
    turned = codes.flip(1)
    return torch.where(turned < AMBIGUOUS, AMBIGUOUS - 1 - turned, turned)


def build_task(
    *, network: MaskedNetwork, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> MaskedTask:
    """Join a network and its configuration to a trainable task.

    Raises
    ------
    InputError
        When the examples hold too few bases beside their span, or bins do not fit it.
    """
    options = Options(**encoding.options)
    needed = network.margin + run.augmentation.jitter
    if options.flank < needed:
        raise InputError(
            f"options.flank: found {options.flank}, want at least {needed}: the network sees "
            f"{network.margin} bases beside what it tells, and augmentation.jitter is "
            f"{run.augmentation.jitter}; build the dataset with a wider flank, or lower one of them"
        )
    if options.span % network.trunk.pool:
        raise InputError(
            f"model.options.pool: found {network.trunk.pool}, want a divisor of options.span = {options.span}"
        )
    return MaskedTask(network=network, options=options, run=run)
