"""What teachers say of training examples, in the place of labels that are not known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pytorch_lightning as pl
import torch

from seqmill.applications.tf_binding.spec import BOUND, UNKNOWN
from seqmill.shards.fraction import in_fraction

Batch = dict[str, torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class SoftLabels:
    """Probabilities of the training examples by their ids, and which examples have labels beside.

    Attributes
    ----------
    keys : Tensor, int64, shape (N,)
        The bits of the example ids, ascending.
    probabilities : Tensor, float32, shape (N, factors)
        Mean of the teachers' probabilities that a factor binds.
    labelled : Tensor, bool, shape (N,)
        Whether the labels of an example may be read.
    """

    keys: torch.Tensor
    probabilities: torch.Tensor
    labelled: torch.Tensor

    def to(self, device: torch.device) -> "SoftLabels":
        """Give them on a device."""
        return SoftLabels(
            keys=self.keys.to(device),
            probabilities=self.probabilities.to(device),
            labelled=self.labelled.to(device),
        )

    def wanted(self, batch: Batch) -> torch.Tensor:
        """Give targets (B, factors): labels where they may be read and are known, else probabilities."""
        rows = torch.searchsorted(self.keys, _bits(batch["example_id"]))
        read = self.labelled[rows][:, None] & (batch["bound"] != UNKNOWN)
        return torch.where(read, (batch["bound"] == BOUND).float(), self.probabilities[rows])


@torch.no_grad()
def ask(teachers: Sequence[pl.LightningModule], batches: Iterable[Batch], labelled: float) -> SoftLabels:
    """Ask teachers about examples; no label is read.

    Parameters
    ----------
    teachers : sequence of BindingTask
        In evaluation mode; each averages both strands.
    batches : iterable of dict
        The training examples, each once: ``example_id`` (B,) uint64 and ``sequence`` (B, window).
    labelled : float
        Share of the examples whose labels may be read, those of ``trainer.train_fraction``.
    """
    ids, told = [], []
    for batch in batches:
        ids.append(batch["example_id"])
        each = [torch.sigmoid(teacher.predict_step(batch)["logits"]) for teacher in teachers]
        told.append(torch.stack(each).mean(0))
    every = torch.cat(ids)
    known = torch.from_numpy(in_fraction(every.numpy(), labelled))
    keys, order = torch.sort(_bits(every))
    return SoftLabels(keys=keys, probabilities=torch.cat(told)[order], labelled=known[order])


def _bits(ids: torch.Tensor) -> torch.Tensor:
    return ids.view(torch.int64)
