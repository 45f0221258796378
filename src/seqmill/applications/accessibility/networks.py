"""Networks from DNA to a profile of ends and counts in windows."""

from collections.abc import Mapping

import torch
from torch import nn

from seqmill.applications.accessibility.options import (
    ConvAttentionOptions,
    ConvGRUOptions,
    DilatedCNNOptions,
)
from seqmill.applications.accessibility.spec import options_from
from seqmill.errors import InputError
from seqmill.models.attention import AttentionTrunk
from seqmill.models.dilated import DilatedTrunk
from seqmill.models.heads import ProfileCountHead, RateHead, log_window_sums
from seqmill.models.recurrent import WindowRNN
from seqmill.shards.schema import Encoding


class ProfileNetwork(nn.Module):
    """A trunk over bins of bases and a head that reads profile and counts of each track.

    Attributes
    ----------
    margin : int
        Bases on either side of what is predicted that the network has to see.
    bin : int
        Bases of a bin of the profile.
    step : int
        Bases from one window to the next.
    """

    def __init__(self, trunk: nn.Module, head: nn.Module, *, margin: int, bin: int, step: int) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head
        self.margin, self.bin, self.step = margin, bin, step

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Predict the ends of a typical contig.

        Parameters
        ----------
        x : Tensor, shape (B, 4, L)
            One-hot DNA, with `margin` bases more on either side than are predicted.

        Returns
        -------
        log_rates : Tensor, float32, shape (B, tracks, (L - 2 * margin) / bin)
            Natural logarithm of the ends expected in each bin; without tracks in the dataset there is one.
        log_expected : Tensor, float32, shape (B, tracks, windows)
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
    window = _fitting(encoding, {"pool": options.pool}, options.pool, options.step)
    trunk = DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        dropout=options.dropout,
        drop_channels=options.drop_channels,
    )
    return _with_count_head(trunk, encoding, options, window)


def conv_attention(encoding: Encoding, options: ConvAttentionOptions) -> ProfileNetwork:
    """Build the network of convolutions and local attention.

    Raises
    ------
    InputError
        When bins do not fit the windows of the dataset.
    """
    window = _fitting(encoding, {"pool": options.pool}, options.pool, options.step)
    trunk = AttentionTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=options.dilations,
        blocks=options.blocks,
        heads=options.heads,
        reach=options.reach,
        dropout=options.dropout,
    )
    return _with_count_head(trunk, encoding, options, window)


def _with_count_head(
    trunk: DilatedTrunk | AttentionTrunk,
    encoding: Encoding,
    options: DilatedCNNOptions | ConvAttentionOptions,
    window: int,
) -> ProfileNetwork:
    head = ProfileCountHead(
        options.channels,
        window=window // options.pool,
        stride=options.step // options.pool,
        hidden=options.hidden,
        tracks=_tracks(encoding),
    )
    return ProfileNetwork(trunk, head, margin=trunk.margin, bin=options.pool, step=options.step)


def _tracks(encoding: Encoding) -> int:
    return max(1, len(options_from(encoding.options).tracks))


class _RecurrentHead(nn.Module):
    """A profile from the bins, and counts corrected by what a recurrent network reads around each window."""

    def __init__(self, options: ConvGRUOptions, window: int, tracks: int) -> None:
        super().__init__()
        self.cut = options.context * options.merge
        self.window, self.stride = window // options.pool, options.step // options.pool
        self.rate = RateHead(options.channels, tracks)
        self.merge = nn.AvgPool1d(options.merge)
        self.read = WindowRNN(
            options.channels,
            options.units,
            window=self.window // options.merge,
            stride=self.stride // options.merge,
            context=options.context,
            cell=options.cell,
        )
        self.correction = nn.Sequential(
            nn.Dropout(options.dropout),
            nn.Conv1d(2 * options.units, options.hidden, 1),
            nn.GELU(),
            nn.Conv1d(options.hidden, tracks, 1),
        )

    def forward(self, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        log_rates = self.rate(hidden[..., self.cut : hidden.shape[-1] - self.cut])
        corrected = self.correction(self.read(self.merge(hidden))).float()
        return log_rates, corrected + log_window_sums(log_rates, self.window, self.stride)


def conv_gru(encoding: Encoding, options: ConvGRUOptions) -> ProfileNetwork:
    """Build the recurrent network over convolved bins.

    Raises
    ------
    InputError
        When bins or steps do not fit the windows of the dataset.
    """
    sizes = {"pool": options.pool, "pool * merge": options.pool * options.merge}
    window = _fitting(encoding, sizes, options.pool * options.merge, options.step)
    trunk = DilatedTrunk(
        channels=options.channels,
        stem=options.stem,
        pool=options.pool,
        dilations=(1,),
        dropout=options.dropout,
    )
    margin = trunk.margin + options.context * options.merge * options.pool
    return ProfileNetwork(
        trunk,
        _RecurrentHead(options, window, _tracks(encoding)),
        margin=margin,
        bin=options.pool,
        step=options.step,
    )


def _fitting(encoding: Encoding, sizes: Mapping[str, int], unit: int, step: int) -> int:
    """Check that bins and steps fit the windows of the dataset, whose bases are given back."""
    window, stride, span = (int(encoding.options[name]) for name in ("window", "stride", "span"))
    problems = [
        f"model.options.{key}: found {size}, want a divisor of {name} = {whole}"
        for key, size in sizes.items()
        for name, whole in (("options.window", window), ("options.stride", stride), ("options.span", span))
        if whole % size
    ]
    if step % unit or stride % step:
        problems.append(
            f"model.options.step: found {step}, want a multiple of {unit} and a divisor of options.stride = "
            f"{stride}"
        )
    if problems:
        raise InputError("; ".join(problems))
    return window
