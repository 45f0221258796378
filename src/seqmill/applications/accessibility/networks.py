"""Networks from DNA to a profile of ends and counts in windows."""

import torch
from torch import nn

from seqmill.applications.accessibility.options import DilatedCNNOptions
from seqmill.errors import InputError
from seqmill.models.dilated import DilatedTrunk
from seqmill.models.heads import ProfileCountHead
from seqmill.shards.schema import Encoding


class ProfileNetwork(nn.Module):
    """A trunk over bins of bases and a head that reads profile and counts.

    Attributes
    ----------
    margin : int
        Bases on either side of what is predicted that the network has to see.
    bin : int
        Bases of a bin of the profile.
    step : int
        Bases from one window to the next.
    """

    def __init__(self, trunk: DilatedTrunk, head: ProfileCountHead) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head
        self.margin, self.bin, self.step = trunk.margin, trunk.pool, head.stride * trunk.pool

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Predict the ends of a typical contig.

        Parameters
        ----------
        x : Tensor, shape (B, 4, L)
            One-hot DNA, with `margin` bases more on either side than are predicted.

        Returns
        -------
        log_rates : Tensor, float32, shape (B, (L - 2 * margin) / bin)
            Natural logarithm of the ends expected in each bin.
        log_expected : Tensor, float32, shape (B, windows)
            The same of each window.
        """
        return self.head(self.trunk(x))


def dilated_cnn(encoding: Encoding, options: DilatedCNNOptions) -> ProfileNetwork:
    """Build the dilated residual CNN.

    Raises
    ------
    InputError
        When bins do not fit the windows of the dataset.
    """
    window, stride, span = (int(encoding.options[name]) for name in ("window", "stride", "span"))
    problems = [
        f"model.options.pool: found {options.pool}, want a divisor of {name} = {size}"
        for name, size in (("options.window", window), ("options.stride", stride), ("options.span", span))
        if size % options.pool
    ]
    if options.step % options.pool or stride % options.step:
        problems.append(
            f"model.options.step: found {options.step}, want a multiple of pool = {options.pool} and a divisor "
            f"of options.stride = {stride}"
        )
    if problems:
        raise InputError("; ".join(problems))
    trunk = DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        dropout=options.dropout,
    )
    head = ProfileCountHead(
        options.channels,
        window=window // options.pool,
        stride=options.step // options.pool,
        hidden=options.hidden,
    )
    return ProfileNetwork(trunk, head)
