"""Integrated gradients of a function of table inputs.

Source of the method: Sundararajan, Taly and Yan (2017), "Axiomatic attribution for deep networks".
"""

from collections.abc import Callable

import torch

STEPS = 32
"""Points of the path, at the middles of as many equal parts."""


def integrated_gradients(
    function: Callable[[torch.Tensor], torch.Tensor],
    inputs: torch.Tensor,
    baseline: torch.Tensor,
    *,
    steps: int = STEPS,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attribute what is said of each row to its inputs, against a baseline.

    Inputs that are those of the baseline, such as masks, stay as they are along the path.

    Parameters
    ----------
    function : callable
        Inputs (N, width) to (N,).
    inputs : Tensor, float32, shape (N, width)
        The rows.
    baseline : Tensor, float32, shape (N, width) or (width,)
        Where the path begins.
    steps : int
        Points of the path.

    Returns
    -------
    attributions : Tensor, float32, shape (N, width)
        They add up to the difference to what is said of the baseline, but for the error of so many steps.
    slopes : Tensor, float32, shape (N, width)
        Mean gradient along the path.
    """
    total = torch.zeros_like(inputs)
    for step in range(steps):
        point = (baseline + (inputs - baseline) * (step + 0.5) / steps).requires_grad_()
        total += torch.autograd.grad(function(point).sum(), point)[0]
    slopes = total / steps
    return (inputs - baseline) * slopes, slopes
