"""Contributions from gradients on the way from shuffled windows to the window itself."""

import numpy as np
import numpy.typing as npt
import torch

from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.sequences import BATCH, Codes, Function, one_hot, predict
from seqmill.interpretation.shuffles import backgrounds

BASELINES = 24
"""Baselines of a window for expected gradients."""

STEPS = 16
"""Points of each path for integrated gradients."""


def expected_gradients(
    function: Function,
    codes: Codes,
    *,
    output: int = 0,
    generator: np.random.Generator,
    baselines: int = BASELINES,
) -> Contributions:
    """Attribute by one random point on the path from each of many shuffles of the pairs of a window.

    The points of a window are spread evenly over the length of the path.

    Parameters
    ----------
    function : callable
        The model.
    codes : uint8 array [n, length]
        The windows.
    output : int
        Which output is explained.
    generator : numpy.random.Generator
        Draws shuffles and points.
    baselines : int
        Shuffles of each window.

    Notes
    -----
    Erion, Janizek, Sturmfels, Lundberg and Lee, "Improving performance of deep learning models with
    axiomatic attribution priors and expected gradients", Nature Machine Intelligence 3 (2021).
    """
    strata = np.tile(np.arange(baselines), (len(codes), 1))
    at = (generator.permuted(strata, axis=1) + generator.random(strata.shape)) / baselines
    drawn = backgrounds(codes, baselines, generator)
    return _attributed(function, codes, drawn, at[..., None], np.ones(1), output=output)


def integrated_gradients(
    function: Function,
    codes: Codes,
    *,
    output: int = 0,
    generator: np.random.Generator,
    baselines: int = 4,
    steps: int = STEPS,
) -> Contributions:
    """Attribute by the integral over the path from each of a few shuffles of the pairs of a window.

    See `expected_gradients` for the parameters; `steps` is the number of points of the Gauss-Legendre rule.

    Notes
    -----
    Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML (2017).
    """
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    at = np.broadcast_to((nodes + 1) / 2, (len(codes), baselines, steps))
    drawn = backgrounds(codes, baselines, generator)
    return _attributed(function, codes, drawn, at, weights / 2, output=output)


def _attributed(
    function: Function,
    codes: Codes,
    drawn: npt.NDArray[np.uint8],
    at: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    *,
    output: int,
) -> Contributions:
    """Average over baselines [n, baselines, length] and points [n, baselines, steps] of their paths."""
    n, baselines, length = drawn.shape
    together = max(1, BATCH // (baselines * at.shape[2]))
    parts = []
    for first in range(0, n, together):
        chosen = slice(first, first + together)
        windows = one_hot(codes[chosen])[:, None]
        references = one_hot(drawn[chosen].reshape(-1, length)).unflatten(0, (-1, baselines))
        slopes = _slopes(function, windows, references, at[chosen], weights, output=output)
        expected = (references * slopes).sum(2, keepdim=True)
        parts.append((slopes - expected).mean(1))
    of_baselines = predict(function, drawn.reshape(-1, length))[:, output]
    return Contributions(
        codes=codes,
        hypothetical=torch.cat(parts).numpy(),
        predicted=predict(function, codes)[:, output],
        expected=of_baselines.reshape(n, baselines).mean(axis=1),
    )


def _slopes(
    function: Function,
    windows: torch.Tensor,
    references: torch.Tensor,
    at: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    *,
    output: int,
) -> torch.Tensor:
    """Give the mean gradient on each path: float32 [windows, baselines, 4, length]."""
    share = torch.from_numpy(np.array(at, np.float32))[..., None, None]
    paths = (references[:, :, None] + share * (windows - references)[:, :, None]).flatten(0, 2)
    slopes = []
    for part in paths.split(BATCH):
        points = part.detach().requires_grad_()
        said = function(points)[:, output].sum()
        slopes.append(torch.autograd.grad(said, points)[0])
    weighed = torch.from_numpy(weights.astype(np.float32))[:, None, None]
    return (torch.cat(slopes).unflatten(0, tuple(at.shape)) * weighed).sum(2)
