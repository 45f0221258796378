"""The network that tells masked bases: the trunk to pre-train, and a head that other networks do without."""

import torch
from torch import nn

from seqmill.applications.masked_bases.options import MaskedCNNOptions
from seqmill.models.bases import BaseHead
from seqmill.models.dilated import DilatedTrunk
from seqmill.shards.schema import Encoding


class MaskedNetwork(nn.Module):
    """A trunk over bins of bases and a head that tells the bases.

    Attributes
    ----------
    margin : int
        Bases on either side of what is told that the network has to see.
    """

    def __init__(self, trunk: DilatedTrunk, head: BaseHead) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head
        self.margin = max(trunk.margin, head.near)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give logits, float32 (B, 4, L - 2 * margin), of one-hot DNA (B, 4, L); hidden bases are zeros."""
        inner = self.margin - self.trunk.margin
        hidden = self.trunk(x[..., inner : x.shape[-1] - inner])
        near = self.margin - self.head.near
        return self.head(hidden, x[..., near : x.shape[-1] - near])


def masked_cnn(encoding: Encoding, options: MaskedCNNOptions) -> MaskedNetwork:
    """Build the dilated residual CNN with a head over bases."""
    trunk = DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        dropout=options.dropout,
    )
    head = BaseHead(options.channels, pool=options.pool, hidden=options.hidden, near=options.near)
    return MaskedNetwork(trunk, head)
