"""Train a network on the labelled bases of examples."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch.nn import functional as F

from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED
from seqmill.applications.splicing.networks import SiteNetwork
from seqmill.applications.splicing.recombination import recombine
from seqmill.applications.splicing.spec import Options
from seqmill.errors import InputError
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import one_hot
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class SiteTask(pl.LightningModule):
    """Cross-entropy of the classes of labelled bases, a mean over each example.

    `total_steps` is set before training.

    Parameters
    ----------
    network : SiteNetwork
        One-hot DNA -> logits of each base.
    options : Options
        Example options of the shards.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: SiteNetwork, options: Options, run: Any) -> None:
        super().__init__()
        self.network = network
        self.options = options
        self.run = run

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give logits; see `SiteNetwork.forward`."""
        return self.network(x)

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of examples with some bases drawn anew, some of those without a site recombined."""
        codes, mutated = batch["sequence"], self.run.augmentation.mutated
        if self.run.augmentation.recombined:
            codes = recombine(codes, batch["sites"][:, 0], self.run.augmentation.recombined)
        if mutated:
            drawn = torch.randint(0, 4, codes.shape, dtype=codes.dtype, device=codes.device)
            changed = (torch.rand(codes.shape, device=codes.device) < mutated) & (codes < 4)
            codes = torch.where(changed, drawn, codes)
        return self._loss(codes, batch, smoothing=self.run.trainer.label_smoothing)

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of the examples as they are."""
        loss = self._loss(batch["sequence"], batch, smoothing=0.0)
        log_mean(self, "validation_loss", loss, batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give the probabilities of the bases that have `Options.flank` stored bases on either side.

        Returns
        -------
        dict
            ``donors`` and ``acceptors``, each (B, bases), as the stored sequences run.
        """
        probabilities = self(self._seen(batch["sequence"])).softmax(1)
        return {"donors": probabilities[:, DONOR], "acceptors": probabilities[:, ACCEPTOR]}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _seen(self, codes: torch.Tensor) -> torch.Tensor:
        """Cut off what the network does not look at."""
        spare = self.options.flank - self.network.margin
        return one_hot(codes[:, spare : codes.shape[1] - spare])

    def _loss(self, codes: torch.Tensor, batch: Batch, *, smoothing: float) -> torch.Tensor:
        known = batch["sites"] != MASKED
        wanted = torch.where(known, batch["sites"], 0).long()
        losses = F.cross_entropy(self(self._seen(codes)), wanted, reduction="none", label_smoothing=smoothing)
        of_example = (losses * known).sum(1) / known.sum(1).clamp(min=1)
        weight = batch["weight"]
        return (of_example * weight).sum() / weight.sum()


def build_task(
    *, network: SiteNetwork, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> SiteTask:
    """Join a network and its configuration to a trainable task.

    Raises
    ------
    InputError
        When the examples hold too few bases beside the labelled ones, or windows of several labelled bases
        are to be recombined.
    """
    options = Options(**encoding.options)
    if options.flank < network.margin:
        raise InputError(
            f"options.context: found {options.context}, want at least {2 * network.margin}: the network "
            f"sees {network.margin} bases on either side of a base; build the dataset with more context, or "
            "take a smaller model.options.stem, dilations or reach"
        )
    if run.augmentation.recombined and options.span > 1:
        raise InputError(
            f"augmentation.recombined: found {run.augmentation.recombined:g} with {options.span} "
            "labelled bases in an example, want 0: sites are recombined where each window tells of one base, "
            "with options.span 1"
        )
    return SiteTask(network=network, options=options, run=run)
