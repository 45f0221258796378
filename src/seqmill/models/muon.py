"""Steps for matrices along orthogonal directions, for everything else as Adam takes them.

Source: Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/), with the length of a step as
in Moonlight (Liu et al. 2025, arXiv:2502.16982), so that learning rates and decay of AdamW hold. The
optimiser of the same name in torch takes no filters of convolutions.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch

from seqmill.models.half import has_bf16

LEAST = 16
"""Channels on either side from which a weight counts as a matrix."""

MOMENTUM = 0.95
LENGTH = 0.2
"""Root mean square of a step per learning rate, about what Adam's steps have."""

_POLYNOMIAL = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5
_ADAM = (0.9, 0.999)
_EPS = 1e-8


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are made orthogonal, so that no direction of a matrix outruns the others.

    Filters of convolutions are matrices of one row for each filter. Weights of fewer than `LEAST` rows or
    columns, such as outputs and first filters over DNA, biases and norms take the steps of Adam.

    Parameters
    ----------
    groups : iterable of dict
        ``params`` and ``weight_decay`` each.
    lr : float
        Learning rate.
    """

    def __init__(self, groups: Iterable[dict[str, Any]], *, lr: float) -> None:
        super().__init__(groups, {"lr": lr, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Take a step; give what `closure` gives, which is called first."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                is_matrix = weight.ndim >= 2 and min(weight.shape[:2]) >= LEAST
                direction = self._orthogonal if is_matrix else self._adam
                weight.sub_(direction(weight), alpha=group["lr"])
        return loss

    def _orthogonal(self, weight: torch.Tensor) -> torch.Tensor:
        momentum = self._kept(weight, "momentum").mul_(MOMENTUM).add_(weight.grad)
        ahead = (weight.grad + MOMENTUM * momentum).flatten(1)
        dtype = torch.bfloat16 if has_bf16("cpu" if weight.device.type == "cpu" else "gpu") else torch.float32
        return orthogonal(ahead, dtype).view_as(weight) * (LENGTH * max(ahead.shape) ** 0.5)

    def _adam(self, weight: torch.Tensor) -> torch.Tensor:
        first, second = _ADAM
        steps = self._kept(weight, "steps", torch.zeros((), dtype=torch.float32)).add_(1)
        mean = self._kept(weight, "mean").lerp_(weight.grad, 1 - first)
        square = self._kept(weight, "square").lerp_(weight.grad.square(), 1 - second)
        return (mean / (1 - first**steps)) / (square / (1 - second**steps)).sqrt().add_(_EPS)

    def _kept(self, weight: torch.Tensor, name: str, first: torch.Tensor | None = None) -> torch.Tensor:
        state = self.state[weight]
        if name not in state:
            state[name] = torch.zeros_like(weight) if first is None else first.to(weight.device)
        return state[name]


def orthogonal(matrix: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Give a matrix with the singular vectors of another one, and singular values of about 1.

    Five rounds of a Newton-Schulz iteration: values between 0.7 and 1.2, but for those that are far below the
    largest.

    Parameters
    ----------
    matrix : Tensor, shape (M, N)
    dtype : torch.dtype
        In which it is iterated; bf16 is precise enough.

    Returns
    -------
    Tensor, float32, shape (M, N)
    """
    a, b, c = _POLYNOMIAL
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if is_tall else matrix).to(dtype)
    x = x / (x.norm() + 1e-7)
    for _ in range(_ROUNDS):
        product = x @ x.T
        x = a * x + (b * product + c * product @ product) @ x
    return (x.T if is_tall else x).float()
