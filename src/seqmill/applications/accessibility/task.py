"""Train a network on the ends of reads over long stretches of DNA, many windows at once."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch.nn import functional as F

from seqmill.applications.accessibility.networks import ProfileNetwork
from seqmill.applications.accessibility.spec import Options, options_from
from seqmill.applications.accessibility.tiles import MASKED
from seqmill.errors import InputError
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.models.sequence import mutated, one_hot, reverse_complement
from seqmill.models.strands import both_strands
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]

_WHOLE = 1 - 1e-3


class EndsTask(pl.LightningModule):
    """Mean squared error of log1p counts in windows plus Poisson loss of the profile's bins.

    Of several tracks an example teaches its own; all are read from the same trunk.

    Predictions are for a typical contig; in training the relative coverage of an example's contig is a known
    factor of what is expected. `total_steps` is set before training.

    Parameters
    ----------
    network : ProfileNetwork
        One-hot DNA -> log rates of bins, log expected ends of windows, of each track.
    options : Options
        Example options of the shards.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: ProfileNetwork, options: Options, run: Any) -> None:
        super().__init__()
        self.network = network
        self.options = options
        self.run = run

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give log rates and log expected ends; see `ProfileNetwork.forward`."""
        return self.network(x)

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss of moved, turned examples."""
        augmentation = self.run.augmentation
        rows, device = len(batch["sequence"]), batch["sequence"].device
        moved = torch.randint(-augmentation.jitter, augmentation.jitter + 1, (rows,), device=device)
        turned = torch.rand(rows, device=device) < 0.5
        if not augmentation.reverse_complement:
            turned = torch.zeros_like(turned)
        codes = self._cut(batch["sequence"], moved, self.network.margin)
        if augmentation.mutations:
            codes = mutated(codes, augmentation.mutations)
        x, ends = one_hot(codes), self._cut(batch["ends"], moved, 0)
        x = torch.where(turned[:, None, None], reverse_complement(x), x)
        ends = torch.where(turned[:, None], ends.flip(1), ends)
        return self._loss(x, ends, batch)

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss of the examples as they lie."""
        still = torch.zeros(len(batch["sequence"]), dtype=torch.int64, device=batch["sequence"].device)
        x = one_hot(self._cut(batch["sequence"], still, self.network.margin))
        loss = self._loss(x, self._cut(batch["ends"], still, 0), batch)
        log_mean(self, "validation_loss", loss, batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give the scored windows and the profile over them, both strands averaged.

        Returns
        -------
        dict
            ``log_counts`` (B, windows), log1p of the ends expected in each window; ``log_rates`` (B, bins),
            natural logarithm of those in each bin from the span's start to the last window's end: of each
            example's track. Where there are tracks and a batch does not tell them, ``TRACK_log_counts`` of
            each track instead.
        """
        tail, margin = self.options.tail, self.network.margin
        first, last = self.options.flank - margin, self.options.flank + self.options.span + tail + margin
        log_rates, log_expected = both_strands(self, one_hot(batch["sequence"][:, first:last]))
        every = self.options.stride // self.network.step
        log_counts = F.softplus(log_expected[..., ::every])
        if self.options.tracks and "track" not in batch:
            return {f"{name}_log_counts": log_counts[:, at] for at, name in enumerate(self.options.tracks)}
        return {"log_counts": self._own(log_counts, batch), "log_rates": self._own(log_rates, batch)}

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _cut(self, values: torch.Tensor, moved: torch.Tensor, margin: int) -> torch.Tensor:
        """Give the span of each row, moved, with a margin on either side."""
        first, width = self.options.flank - margin, self.options.span + 2 * margin
        places = torch.arange(width, device=values.device) + first
        return values.gather(1, places + moved[:, None])

    def _own(self, values: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Give what is said of each example's own track: (B, n) of (B, tracks, n)."""
        if not self.options.tracks:
            return values.squeeze(1)
        return values[torch.arange(len(values), device=values.device), batch["track"].long()]

    def _loss(self, x: torch.Tensor, ends: torch.Tensor, batch: Batch) -> torch.Tensor:
        log_rates, log_expected = (self._own(values, batch) for values in self(x))
        log_coverage = batch["coverage"].log()[:, None]
        known = (ends != MASKED).float()
        bins = self.network.bin
        observed = bins * F.avg_pool1d(ends.float() * known, bins)
        whole = (F.avg_pool1d(known, bins) > _WHOLE).float()
        size, step = self.options.window // bins, self.network.step // bins
        counts = size * F.avg_pool1d(observed, size, step)
        counted = (F.avg_pool1d(whole, size, step) > _WHOLE).float()
        errors = (F.softplus(log_expected + log_coverage) - counts.log1p()) ** 2
        log_means = log_rates + log_coverage
        surprise = log_means.exp() - observed * log_means
        losses = _mean(errors, counted) + _mean(surprise, whole)
        weight = batch["weight"]
        return (losses * weight).sum() / weight.sum()


def _mean(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Give each row's mean over what is chosen; 0 where nothing is."""
    return (values * chosen).sum(1) / chosen.sum(1).clamp(min=1)


def build_task(
    *, network: ProfileNetwork, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> EndsTask:
    """Join a network and its configuration to a trainable task.

    Raises
    ------
    InputError
        When the examples hold too few bases beside their span.
    """
    options = options_from(encoding.options)
    moved = max(run.augmentation.jitter, options.tail)
    if options.flank < network.margin + moved:
        raise InputError(
            f"options.flank: found {options.flank}, want at least {network.margin + moved}: the network sees "
            f"{network.margin} bases beside what it predicts, and augmentation.jitter or the last window "
            f"reaches {moved} further; build the dataset with a wider flank, or lower one of them"
        )
    return EndsTask(network=network, options=options, run=run)
