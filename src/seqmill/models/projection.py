"""Dosages projected onto axes that were fitted to other people, as a part of a network's input."""

import numpy as np
import numpy.typing as npt
import torch
from torch import nn


class Projection(nn.Module):
    """Principal components of dosages; their axes belong to the state, and are no weights.

    They are 0 until `take` is called or a state is loaded.

    Parameters
    ----------
    sites, count : int
        Dosages that are read, and components that are given.
    """

    frequencies: torch.Tensor
    loadings: torch.Tensor

    def __init__(self, sites: int, count: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.zeros(sites))
        self.register_buffer("loadings", torch.zeros(sites, count))

    def take(self, frequencies: npt.NDArray[np.float64], loadings: npt.NDArray[np.float64]) -> None:
        """Take the axes of `seqmill.profiles.components.fit_axes`, (sites,) and (sites, count)."""
        self.frequencies.copy_(torch.from_numpy(frequencies))
        self.loadings.copy_(torch.from_numpy(loadings))

    def forward(self, dosages: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give components, float32 (B, count), and whether they are there, bool (B, count).

        Parameters
        ----------
        dosages : Tensor, int8, shape (B, sites)
            0 to 2.
        mask : Tensor, bool, shape (B, sites)
            Whether each is there; a missing one counts as the mean, and who has none has no components.
        """
        with torch.autocast(dosages.device.type, enabled=False):
            spread = (2 * self.frequencies * (1 - self.frequencies)).sqrt()
            scaled = (dosages.float() - 2 * self.frequencies) / torch.where(spread > 0, spread, 1.0)
            found = scaled.masked_fill(~mask, 0.0) @ self.loadings
        return found, mask.any(1, keepdim=True).expand_as(found)
