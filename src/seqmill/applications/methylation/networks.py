"""Networks from the window around a site to the level of each mark."""

import torch
from torch import nn

from seqmill.errors import InputError
from seqmill.models.dilated import DilatedTrunk
from seqmill.models.recurrent import bidirectional
from seqmill.models.windows import WindowCNNOptions, WindowGRUOptions, WindowNetwork, bins_of, window_cnn
from seqmill.shards.schema import Encoding


def methylation_cnn(encoding: Encoding, options: WindowCNNOptions) -> WindowNetwork:
    """Build the CNN; some of its channels are read bin by bin, so that it knows where the site is."""
    return window_cnn(options, length=_window(encoding), outputs=_marks(encoding))


def methylation_gru(encoding: Encoding, options: WindowGRUOptions) -> WindowNetwork:
    """Build the recurrent network, which reads from either end of the window up to the site.

    Raises
    ------
    InputError
        When there is an even number of bins, so that none is in the middle.
    """
    window = _window(encoding)
    bins = bins_of(window, options.pool)
    if bins % 2 == 0:
        raise InputError(
            f"model.options.pool: found {options.pool}, which cuts options.window = {window} into {bins} "
            "bins; want an odd number of bins, so that the middle one holds the site: 1 is always right"
        )
    trunk = DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        dropout=options.dropout,
    )
    return WindowNetwork(trunk, _SiteHead(options, outputs=_marks(encoding)), length=window)


class _SiteHead(nn.Module):
    """The states of both directions at the site: what stands before it, and what stands behind it."""

    def __init__(self, options: WindowGRUOptions, *, outputs: int) -> None:
        super().__init__()
        self.rnn = bidirectional(options.channels, options.units, options.cell)
        self.read = nn.Sequential(
            nn.Dropout(options.dropout),
            nn.Linear(2 * options.units, options.hidden),
            nn.GELU(),
            nn.Linear(options.hidden, outputs),
        )

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Give (B, outputs) of hidden channels (B, channels, bins)."""
        states, _ = self.rnn(hidden.transpose(1, 2))
        return self.read(states[:, states.shape[1] // 2])


def _window(encoding: Encoding) -> int:
    return int(encoding.options["window"])


def _marks(encoding: Encoding) -> int:
    return len(encoding.options["marks"])
