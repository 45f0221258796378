"""Networks from DNA to the class of each base."""

import torch
from torch import nn

from seqmill.applications.splicing.labels import CLASSES
from seqmill.applications.splicing.options import SiteCNNOptions, SiteGRUOptions
from seqmill.models.dilated import DilatedTrunk
from seqmill.models.heads import RecurrentSiteHead, SiteHead
from seqmill.shards.schema import Encoding


class SiteNetwork(nn.Module):
    """A trunk over bases and a head that tells the class of each.

    Attributes
    ----------
    margin : int
        Bases on either side of a base that its class is told from.
    """

    def __init__(self, trunk: DilatedTrunk, head: SiteHead | RecurrentSiteHead) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head
        self.margin = trunk.margin + head.reach

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Tell classes.

        Parameters
        ----------
        x : Tensor, shape (B, 4, L + 2 * margin)
            One-hot DNA as the strand of the gene runs.

        Returns
        -------
        Tensor, float32, shape (B, classes, L)
            Logits of none, donor and acceptor.
        """
        return self.head(self.trunk(x))


def splice_cnn(encoding: Encoding, options: SiteCNNOptions) -> SiteNetwork:
    """Build the dilated residual CNN.

    Source of the shape: SpliceAI (Jaganathan et al. 2019), whose dilations are an option here; the head
    reads a few bases place by place, as weight arrays do.
    """
    head = SiteHead(
        options.channels,
        classes=len(CLASSES),
        reach=options.reach,
        hidden=options.hidden,
        dropout=options.dropout,
    )
    return SiteNetwork(_trunk(options), head)


def splice_gru(encoding: Encoding, options: SiteGRUOptions) -> SiteNetwork:
    """Build the recurrent network over convolved bases."""
    head = RecurrentSiteHead(
        options.channels,
        classes=len(CLASSES),
        reach=options.reach,
        units=options.units,
        hidden=options.hidden,
        dropout=options.dropout,
    )
    return SiteNetwork(_trunk(options), head)


def _trunk(options: SiteCNNOptions | SiteGRUOptions) -> DilatedTrunk:
    return DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=1,
        dilations=options.dilations,
        dropout=options.dropout,
    )
