"""Limits the norm of the gradient before each step of the optimiser."""

import pytorch_lightning as pl
import torch


class Clip(pl.Callback):
    """Scale the gradient down to a largest norm, over all parameters together.

    Lightning's own clipping refuses fused optimisers under mixed precision, since those may unscale gradients
    themselves; nothing is scaled in bf16 or fp32.

    Parameters
    ----------
    norm : float
        Largest norm.
    """

    def __init__(self, norm: float) -> None:
        self._norm = norm

    def on_before_optimizer_step(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, optimizer: torch.optim.Optimizer
    ) -> None:
        """Clip what the backward pass, and the other ranks, added up."""
        torch.nn.utils.clip_grad_norm_(pl_module.parameters(), self._norm)
