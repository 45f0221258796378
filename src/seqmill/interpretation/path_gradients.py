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
    columns: torch.Tensor,
    *,
    steps: int = STEPS,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attribute what is said of each row to some of its inputs, against 0 in their place.

    The other inputs, such as masks, stay as they are along the path.

    Parameters
    ----------
    function : callable
        Inputs (N, width) to (N,).
    inputs : Tensor, float32, shape (N, width)
        The rows.
    columns : Tensor, int64, shape (F,)
        Which inputs are features.
    steps : int
        Points of the path.

    Returns
    -------
    attributions : Tensor, float32, shape (N, F)
        They add up to the difference that the features make, but for the error of so many steps.
    slopes : Tensor, float32, shape (N, F)
        Mean gradient along the path.
    """
    start = inputs.index_fill(1, columns, 0.0)
    total = torch.zeros_like(inputs)
    for step in range(steps):
        point = (start + (inputs - start) * (step + 0.5) / steps).requires_grad_()
        total += torch.autograd.grad(function(point).sum(), point)[0]
    slopes = (total / steps)[:, columns]
    return (inputs - start)[:, columns] * slopes, slopes
