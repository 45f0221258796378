"""Train a network to tell which factors bind in a window."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from torch.nn import functional as F

from seqmill.applications.tf_binding.soft_labels import Batch, SoftLabels, ask
from seqmill.applications.tf_binding.spec import BOUND, UNBOUND, UNKNOWN, Options, options_of
from seqmill.genome.shuffle import dinucleotide_shuffle
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import one_hot, reverse_complement, shifted
from seqmill.models.strands import mean_of_strands
from seqmill.models.windows import WindowNetwork
from seqmill.shards.schema import Encoding


class BindingTask(pl.LightningModule):
    """Binary cross-entropy of each factor that is known in an example; independent outputs.

    With ``augmentation.teachers`` an example outside of the labelled share has their probabilities as
    targets, and its labels are never read in training. With ``augmentation.against_shuffles`` no label is
    read at all: the target is 1 for the windows and 0 for shuffles of them. `total_steps` is set, and
    `take_teachers` called, before training.

    Parameters
    ----------
    network : WindowNetwork
        One-hot DNA -> logits (B, factors).
    options : Options
        Example options of the shards.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: WindowNetwork, options: Options, run: Any) -> None:
        super().__init__()
        self.network = network
        self.options = options
        self.run = run
        self._soft: SoftLabels | None = None

    def take_teachers(self, teachers: Sequence[pl.LightningModule], batches: Iterable[Batch]) -> None:
        """Learn from what other tasks say of the training examples."""
        self._soft = ask(teachers, batches, self.run.augmentation.labelled)

    def setup(self, stage: str) -> None:
        """Let filters begin as motifs, before a state is restored; a model to start from has its own."""
        motifs = self.run.model.options.motifs
        if stage == "fit" and motifs and not self.run.init_from:
            from seqmill.applications.tf_binding.filters import plant_motifs

            plant_motifs(self.network.trunk.stem, Path(motifs), self.options.factors)

    def on_fit_start(self) -> None:
        """Move what the teachers said to where the module is."""
        if self._soft is not None:
            self._soft = self._soft.to(self.device)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give logits (B, factors) of one-hot DNA (B, 4, window)."""
        return self.network(x)

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of moved, turned examples."""
        augmentation = self.run.augmentation
        if augmentation.against_shuffles:
            batch = beside_shuffles(batch, seed=int(torch.randint(2**62, ())))
        codes = batch["sequence"]
        if augmentation.shift:
            codes = shifted(codes, augmentation.shift)
        x = one_hot(codes)
        if augmentation.reverse_complement:
            turned = torch.rand(len(x), device=x.device) < 0.5
            x = torch.where(turned[:, None, None], reverse_complement(x), x)
        smoothing = self.run.trainer.label_smoothing
        if not augmentation.teachers:
            return self._loss(self(x), batch, smoothing)
        if self._soft is None:
            raise RuntimeError("take_teachers was not called; the labels of all examples would be read")
        wanted = self._soft.wanted(batch) * (1 - smoothing) + smoothing / 2
        return _cross_entropy(self(x), wanted, torch.ones_like(wanted), batch["weight"])

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of both strands' mean."""
        if self.run.augmentation.against_shuffles:
            batch = beside_shuffles(batch, seed=index)
        logits = mean_of_strands(self, one_hot(batch["sequence"]))
        log_mean(self, "validation_loss", self._loss(logits, batch, 0.0), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give ``logits`` (B, factors), both strands averaged."""
        return {"logits": mean_of_strands(self, one_hot(batch["sequence"]))}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _loss(self, logits: torch.Tensor, batch: Batch, smoothing: float) -> torch.Tensor:
        bound = batch["bound"]
        known = (bound != UNKNOWN).float()
        wanted = (bound == BOUND).float() * (1 - smoothing) + smoothing / 2
        return _cross_entropy(logits, wanted, known, batch["weight"])


def _cross_entropy(
    logits: torch.Tensor, wanted: torch.Tensor, known: torch.Tensor, weight: torch.Tensor
) -> torch.Tensor:
    """Give the weighted mean over examples of the mean over known factors; all but `weight` (B, factors)."""
    losses = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * known
    each = losses.sum(1) / known.sum(1).clamp(min=1)
    return (each * weight).sum() / weight.sum()


def beside_shuffles(batch: Batch, *, seed: int) -> Batch:
    """Give windows and a dinucleotide shuffle of each, bound by all factors and by none; no label is read.

    Parameters
    ----------
    batch : dict
        ``sequence`` uint8 (B, window), ``weight`` (B,); of ``bound`` (B, factors) the shape alone counts.
    seed : int
        What the shuffles are drawn from, at least 0.
    """
    codes, like = batch["sequence"], batch["bound"]
    drawn = torch.from_numpy(dinucleotide_shuffle(codes.cpu().numpy(), seed=seed)).to(codes.device)
    return {
        "sequence": torch.cat([codes, drawn]),
        "bound": torch.cat([torch.full_like(like, BOUND), torch.full_like(like, UNBOUND)]),
        "weight": batch["weight"].repeat(2),
    }


def build_task(
    *, network: WindowNetwork, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> BindingTask:
    """Join a network and its configuration to a trainable task."""
    return BindingTask(network=network, options=options_of(encoding), run=run)
