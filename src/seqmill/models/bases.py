"""A head that tells each base of a stretch out of hidden channels over bins."""

import torch
from torch import nn
from torch.nn import functional as F


class BaseHead(nn.Module):
    """Four logits for each base: what the bin says of each of its places, and the bases close by.

    A bin remembers what is in it better than where: its trunk pools. The bases close by are therefore read as
    they are, unless `near` is 0; the trunk then has what lies further away to tell.

    Parameters
    ----------
    channels : int
        Hidden channels that come in.
    pool : int
        Bases of a bin.
    hidden : int
        Width of the hidden layer at each base.
    near : int
        Bases on either side of a base that are read as they are.
    """

    def __init__(self, channels: int, *, pool: int, hidden: int, near: int) -> None:
        super().__init__()
        self.pool, self.near = pool, near
        self.places = nn.Conv1d(channels, hidden * pool, 1)
        self.close = nn.Conv1d(4, hidden, 2 * near + 1, bias=False) if near else None
        self.read = nn.Conv1d(hidden, 4, 1)

    def forward(self, hidden: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Give logits.

        Parameters
        ----------
        hidden : Tensor, shape (B, channels, bins)
        x : Tensor, shape (B, 4, bins * pool + 2 * near)
            One-hot DNA of the bins, with `near` bases on either side.

        Returns
        -------
        Tensor, float32, shape (B, 4, bins * pool)
            In the order A, C, G, T.
        """
        said = self.places(hidden)
        rows, _, bins = said.shape
        said = said.view(rows, -1, self.pool, bins).transpose(2, 3).reshape(rows, -1, bins * self.pool)
        if self.close is not None:
            said = said + self.close(x)
        return self.read(F.gelu(said)).float()
