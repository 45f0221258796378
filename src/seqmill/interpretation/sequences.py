"""One-hot windows, and what a model says of them."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from seqmill.models import sequence

Function = Callable[[torch.Tensor], torch.Tensor]
"""float32 [n, 4, length], one-hot -> float32 [n, outputs]."""

Codes = npt.NDArray[np.uint8]
"""Windows as codes [n, length]: A 0, C 1, G 2, T 3, no base 4."""

BATCH = 64
"""Windows in one call of a model."""


def one_hot(codes: Codes) -> torch.Tensor:
    """Give windows as float32 [n, 4, length] in the order A, C, G, T; zeros where the code is 4."""
    return sequence.one_hot(torch.from_numpy(np.ascontiguousarray(codes)))


def predict(function: Function, codes: Codes, *, batch: int = BATCH) -> npt.NDArray[np.float64]:
    """Ask a model about windows, `batch` at a time; float64 [n, outputs]."""
    with torch.no_grad():
        parts = [function(one_hot(codes[at : at + batch])) for at in range(0, len(codes), batch)]
    return torch.cat(parts).double().numpy()
