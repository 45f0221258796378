"""A trunk of convolutions and local attention over DNA that looks at what is there and at nothing else.

A bin attends to the bins within its reach and to no other, positions count relative to one another alone,
and bins without all of their surroundings are not given. So a long stretch gives at each place what a window
around the place gives, as with valid convolutions.

Source of the shape: Enformer (Avsec et al. 2021, convolutions and pooling before attention), Longformer
(Beltagy et al. 2020, a window for each position), RoFormer (Su et al. 2021, rotary positions).
"""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional as F

from seqmill.models.dilated import DilatedTrunk

_QUERIES = 64  # bins that share a slice of keys


class AttentionTrunk(DilatedTrunk):
    """One-hot DNA to hidden channels over bins of bases: a `DilatedTrunk` below, attention above.

    Parameters
    ----------
    channels, stem, pool, dilations, dropout
        Of the convolutions below; see `DilatedTrunk`.
    blocks : int
        Blocks of attention and of a layer at each bin.
    heads : int
        Heads of each, a divisor of `channels` that leaves an even width.
    reach : int
        Bins on either side that a bin attends to in each block.

    Attributes
    ----------
    margin : int
        Bases on either side of the first and the last bin that the trunk looks at.
    """

    def __init__(
        self,
        *,
        channels: int,
        stem: int,
        pool: int,
        dilations: Sequence[int],
        blocks: int,
        heads: int,
        reach: int,
        dropout: float,
    ) -> None:
        super().__init__(channels=channels, stem=stem, pool=pool, dilations=dilations, dropout=dropout)
        self.blocks = nn.Sequential(
            *(_Block(channels, heads=heads, reach=reach, dropout=dropout) for _ in range(blocks))
        )
        self.margin += pool * blocks * reach

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give hidden channels.

        Parameters
        ----------
        x : Tensor, shape (B, 4, L)
            One-hot DNA, L = `pool` * bins + 2 * `margin`.

        Returns
        -------
        Tensor, shape (B, channels, bins)
            Bin b stands for the bases from `margin` + b * `pool` on.
        """
        return self.blocks(super().forward(x).transpose(1, 2)).transpose(1, 2)


class LocalAttention(nn.Module):
    """Attention of each position to those within reach, by what they hold and how far apart they are.

    Parameters
    ----------
    channels, heads
        Width, and the heads that it is divided among.
    reach : int
        Positions on either side.

    Raises
    ------
    ValueError
        When channels cannot be divided into heads of even width.
    """

    def __init__(self, channels: int, *, heads: int, reach: int) -> None:
        super().__init__()
        if channels % (2 * heads):
            raise ValueError(f"heads: found {heads}, want a divisor of {channels} channels, an even quotient")
        self.heads, self.reach = heads, reach
        self.asked = nn.Linear(channels, 3 * channels, bias=False)
        self.joined = nn.Linear(channels, channels)
        keys = _QUERIES + 2 * reach
        apart = torch.arange(keys) - torch.arange(_QUERIES)[:, None]
        self.register_buffer("seen", (apart >= 0) & (apart <= 2 * reach), persistent=False)
        self.register_buffer("turns", _turns(keys, channels // heads), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, T - 2 * reach, channels) of (B, T, channels): the first is that of position `reach`."""
        rows, given, channels = x.shape
        wanted = given - 2 * self.reach
        slices = -(-wanted // _QUERIES)
        padded = F.pad(x, (0, 0, 0, slices * _QUERIES - wanted))
        query, key, value = (
            part.view(rows, -1, self.heads, channels // self.heads).transpose(1, 2)
            for part in self.asked(padded).chunk(3, dim=2)
        )
        inner = query[:, :, self.reach : self.reach + slices * _QUERIES].unflatten(2, (slices, _QUERIES))
        keys, values = (
            side.unfold(2, _QUERIES + 2 * self.reach, _QUERIES).transpose(-1, -2) for side in (key, value)
        )
        own = self.turns[self.reach : self.reach + _QUERIES]
        read = F.scaled_dot_product_attention(
            _turned(inner, own), _turned(keys, self.turns), values, attn_mask=self.seen
        )
        together = read.flatten(2, 3)[:, :, :wanted].transpose(1, 2).reshape(rows, wanted, channels)
        return self.joined(together)


class _Block(nn.Module):
    """Local attention and a layer at each position, each beside a short cut and behind a norm."""

    def __init__(self, channels: int, *, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.reach = reach
        self.look = nn.Sequential(
            nn.LayerNorm(channels),
            LocalAttention(channels, heads=heads, reach=reach),
            nn.Dropout(dropout),
        )
        self.think = nn.Sequential(
            nn.LayerNorm(channels),
            nn.Linear(channels, 2 * channels),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * channels, channels),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x[:, self.reach : x.shape[1] - self.reach] + self.look(x)
        return x + self.think(x)


def _turns(positions: int, width: int) -> torch.Tensor:
    """Give the angles of rotary positions, float32 (positions, width / 2)."""
    speeds = 10_000.0 ** (-torch.arange(0, width, 2) / width)
    return torch.arange(positions)[:, None] * speeds


def _turned(x: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
    """Turn pairs of values, (..., positions, width), by their position's angles."""
    first, second = x.chunk(2, dim=-1)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)
