"""Both strands of DNA as one: their predictions averaged."""

from collections.abc import Callable

import torch

from seqmill.models.sequence import reverse_complement

Outputs = tuple[torch.Tensor, ...]


def both_strands(network: Callable[[torch.Tensor], Outputs], x: torch.Tensor) -> Outputs:
    """Average what a network says of sequences and of their other strands.

    Parameters
    ----------
    network : callable
        One-hot DNA (B, 4, L) to outputs whose last axis runs along the sequence.
    x : Tensor, shape (B, 4, L)

    Returns
    -------
    tuple of Tensor
        Shapes as `network` gives them.
    """
    forward, backward = network(x), network(reverse_complement(x))
    return tuple((one + other.flip(-1)) / 2 for one, other in zip(forward, backward, strict=True))


def mean_of_strands(network: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Average what a network says of whole sequences and of their other strands; outputs have no direction.

    Parameters
    ----------
    network : callable
        One-hot DNA (B, 4, L) to (B, outputs).
    x : Tensor, shape (B, 4, L)

    Returns
    -------
    Tensor, shape (B, outputs)
    """
    return (network(x) + network(reverse_complement(x))) / 2
