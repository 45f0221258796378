"""Processes that train one model: as many as wanted, and the gradient of one global batch."""

from typing import Any

import pytorch_lightning as pl
import torch
from torch import distributed

from seqmill.errors import SeqmillError


class World(pl.Callback):
    """Holds the processes of a training together.

    Lightning averages gradients over ranks. The loss of a rank is the weighted mean over its slice of the
    global batch, and slices have different weights; each gradient is therefore scaled by the slice's share
    of the weight, so that their average is the gradient of the weighted mean over the global batch.

    Parameters
    ----------
    wanted : int
        Processes that have to take part.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._scale: torch.Tensor | None = None

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Refuse to train on a part of the data.

        Raises
        ------
        SeqmillError
            When another number of processes takes part than wanted.
        """
        joined = distributed.get_world_size() if distributed.is_initialized() else 1
        if not joined == trainer.world_size == self._wanted:
            raise SeqmillError(
                f"rank {trainer.global_rank}: {joined} processes found, {self._wanted} wanted "
                f"(the batches are split for {trainer.world_size}); nothing was trained, since a part of the "
                "data would be left out; compare --nodes and --devices with how the command was started"
            )

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Refuse to go on from different states, as when ranks do not see the same folder."""
        agreed("step of the state", torch.tensor(float(trainer.global_step), device=pl_module.device))

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Work out the share of this rank's slice."""
        if trainer.world_size > 1:
            weight = batch["weight"].sum(dtype=torch.float64)
            self._scale = weight * trainer.world_size / over_ranks(weight)

    def on_before_backward(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, loss: torch.Tensor
    ) -> None:
        """Scale the gradient, not the loss."""
        if (scale := self._scale) is not None:
            loss.register_hook(lambda gradient: gradient * scale.to(gradient.dtype))


def over_ranks(value: torch.Tensor) -> torch.Tensor:
    """Give the sum over all ranks; the value itself where there is one."""
    if not distributed.is_initialized():
        return value
    total = value.clone()
    distributed.all_reduce(total)
    return total


def agreed(name: str, value: torch.Tensor) -> float:
    """Give a number that all ranks hold.

    Raises
    ------
    SeqmillError
        When they hold different ones.
    """
    found = float(value)
    if distributed.is_initialized():
        ends = torch.stack([value.double(), -value.double()])
        distributed.all_reduce(ends, distributed.ReduceOp.MAX)
        highest, lowest = ends[0].item(), -ends[1].item()
        if highest != lowest:
            raise SeqmillError(
                f"{name}: from {lowest} to {highest} found over the ranks, one value wanted; a task logs "
                "numbers with seqmill.models.means.log_mean, and all ranks have to see the same files"
            )
    return found
