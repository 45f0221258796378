"""Means over a split that are the same for any number of processes."""

from typing import Any

import pytorch_lightning as pl
import torch


def log_mean(module: pl.LightningModule, name: str, value: torch.Tensor, weight: torch.Tensor) -> None:
    """Log a number of a batch; the epoch's is the mean over all batches of all ranks, by weight.

    Parameters
    ----------
    module : LightningModule
        The task, in one of its steps.
    name : str
        Name of the number.
    value : Tensor, scalar
        Mean over the batch.
    weight : Tensor, scalar
        What the batch counts: the sum of its examples' weights, or their number for a plain mean. It is
        taken as a float, since Lightning cuts whole numbers when it averages them over ranks.
    """
    size: Any = weight.float()
    module.log(name, value, on_step=False, on_epoch=True, batch_size=size, sync_dist=True)
