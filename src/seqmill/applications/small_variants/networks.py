"""Networks over pileups: a CNN and an RNN over grouped columns, and an MLP over summary features alone."""

import torch
from torch import nn

from seqmill.applications.small_variants.expand import COLUMN_CHANNELS, N_FEATURES
from seqmill.applications.small_variants.inputs import features, features_and_columns
from seqmill.applications.small_variants.options import PileupCNNOptions, PileupGRUOptions, ScalarsOptions
from seqmill.shards.schema import Encoding

N_CLASSES = 3


def _mlp(inputs: int, hidden: int, layers: int, dropout: float) -> nn.Sequential:
    parts: list[nn.Module] = []
    for layer in range(layers):
        parts += [nn.Linear(inputs if layer == 0 else hidden, hidden), nn.GELU(), nn.Dropout(dropout)]
    parts.append(nn.Linear(hidden, N_CLASSES))
    return nn.Sequential(*parts)


class Scalars(nn.Module):
    """An MLP over the summary features of a site: what a network over pileups has to beat."""

    def __init__(self, encoding: Encoding, options: ScalarsOptions) -> None:
        super().__init__()
        self.columns = int(encoding.options["columns"])
        self.head = _mlp(N_FEATURES, options.hidden, options.layers, options.dropout)

    def forward(self, pileup: torch.Tensor) -> torch.Tensor:
        """Give the logits of 0, 1 and 2 copies.

        Parameters
        ----------
        pileup : Tensor, uint8, shape (B, bytes)
            Payloads as the loader gives them.

        Returns
        -------
        Tensor, shape (B, 3)
        """
        return self.head(features(pileup, self.columns))


class _Residual(nn.Module):
    """Two convolutions along the reference and a short cut; images of height 1 run fast channels last."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(channels, channels, (1, 3), padding=(0, dilation), dilation=(1, dilation)),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class _WithFeatures(nn.Module):
    """The head that joins what a trunk saw in the columns with the summary features."""

    def __init__(self, encoding: Encoding, trunk_width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.columns = int(encoding.options["columns"])
        self.norm = nn.LayerNorm(trunk_width)
        self.head = _mlp(N_FEATURES + trunk_width, hidden, 3, dropout)

    def trunk(self, columns: torch.Tensor) -> torch.Tensor:
        """Turn columns (B, channels, W) into a vector (B, trunk_width)."""
        raise RuntimeError(f"{type(self).__name__} has no trunk")

    def forward(self, pileup: torch.Tensor) -> torch.Tensor:
        """Give the logits of 0, 1 and 2 copies for payloads, uint8, shape (B, bytes); shape (B, 3)."""
        summary, columns = features_and_columns(pileup, self.columns)
        return self.head(torch.cat([summary, self.norm(self.trunk(columns))], 1))


class PileupCNN(_WithFeatures):
    """Dilated residual convolutions along the reference, read out at the candidate and on average."""

    def __init__(self, encoding: Encoding, options: PileupCNNOptions) -> None:
        super().__init__(encoding, 2 * options.channels, options.hidden, options.dropout)
        self.stem = nn.Conv2d(COLUMN_CHANNELS, options.channels, (1, 5), padding=(0, 2))
        self.blocks = nn.Sequential(
            *(_Residual(options.channels, 2**block) for block in range(options.blocks))
        )

    def trunk(self, columns: torch.Tensor) -> torch.Tensor:
        """Give the candidate's column and the mean over columns, shape (B, 2 * channels)."""
        image = columns.unsqueeze(2).contiguous(memory_format=torch.channels_last)
        x = torch.relu(self.blocks(self.stem(image))).squeeze(2).transpose(1, 2)
        return torch.cat([x[:, x.shape[1] // 2], x.mean(1)], 1)


class PileupGRU(_WithFeatures):
    """A bidirectional GRU that reads the columns, two at a step, towards the candidate from both sides."""

    def __init__(self, encoding: Encoding, options: PileupGRUOptions) -> None:
        super().__init__(encoding, 4 * options.hidden, options.head, options.dropout)
        self.embed = nn.Conv1d(COLUMN_CHANNELS, options.hidden, 3, stride=2, padding=1)
        self.gru = nn.GRU(
            options.hidden, options.hidden, options.layers, batch_first=True, bidirectional=True
        )

    def trunk(self, columns: torch.Tensor) -> torch.Tensor:
        """Give the states at the candidate and the mean state, shape (B, 4 * hidden)."""
        states, _ = self.gru(torch.relu(self.embed(columns)).transpose(1, 2))
        return torch.cat([states[:, states.shape[1] // 2], states.mean(1)], 1)
