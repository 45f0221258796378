"""Optimiser and learning-rate schedule of a task, as Lightning's ``configure_optimizers`` wants them."""

import math
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import torch
from torch.optim.lr_scheduler import LambdaLR

from seqmill.models.muon import Muon


class OptimizerOptions(Protocol):
    """The options that `build_optimizer` reads."""

    name: str
    learning_rate: float
    weight_decay: float
    warmup_fraction: float
    schedule: str


def build_optimizer(
    parameters: Iterable[torch.nn.Parameter], options: OptimizerOptions, total_steps: int
) -> dict[str, Any]:
    """Give optimiser and schedule, stepped after every batch.

    Weights of two and more dimensions decay; biases, norms and other vectors do not.

    Parameters
    ----------
    parameters : iterable of Parameter
        All parameters of the network; frozen ones are left out.
    options : OptimizerOptions
        ``adamw``, ``muon`` or ``sgd``, with a ``cosine`` or ``constant`` schedule.
    total_steps : int
        Steps of the whole run, so that a resumed run keeps its schedule.

    Returns
    -------
    dict
        What ``configure_optimizers`` may give back: ``optimizer`` and ``lr_scheduler``.
    """
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": options.weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    optimizer: torch.optim.Optimizer
    if options.name == "adamw":
        optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, fused=True)
    elif options.name == "muon":
        optimizer = Muon(groups, lr=options.learning_rate)
    else:
        optimizer = torch.optim.SGD(groups, lr=options.learning_rate, momentum=0.9, nesterov=True, fused=True)
    factor = schedule(options.schedule, total_steps, options.warmup_fraction)
    return {
        "optimizer": optimizer,
        "lr_scheduler": {"scheduler": LambdaLR(optimizer, factor), "interval": "step"},
    }


def schedule(name: str, total_steps: int, warmup_fraction: float) -> Callable[[int], float]:
    """Give the learning rate's factor by step (0 is the first).

    The factor rises in a line to 1 over the warm-up; then ``cosine`` falls to 0 at `total_steps`, and
    ``constant`` stays.
    """
    warmup = math.ceil(total_steps * warmup_fraction)

    def factor(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        if name == "constant":
            return 1.0
        share = (step - warmup) / max(1, total_steps - warmup)
        return 0.5 * (1.0 + math.cos(math.pi * min(1.0, share)))

    return factor
