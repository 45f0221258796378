"""Readers of words in tokens, such as SMILES: embedded, then convolutions or a recurrent network.

What stands behind the end of a word (token 0) is never seen: neither its own length nor that of others in
the batch has a say, beside what is in the word.
"""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqmill.models.recurrent import Cell, bidirectional


@dataclass(frozen=True, kw_only=True)
class TokenCNNOptions:
    """Size of the convolutional reader.

    Attributes
    ----------
    channels : int
        Channels of the embedding and every convolution.
    width : int
        Tokens that a convolution sees, odd.
    dilations : tuple of int
        A residual block each, whose taps are so many tokens apart.
    dropout : float
        Share of channels left out in training.
    """

    channels: int = field(default=96, metadata={"at_least": 1})
    width: int = field(default=5, metadata={"at_least": 1})
    dilations: tuple[int, ...] = (1, 2, 4)
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        if self.width % 2 == 0:
            raise ValueError(f"width: found {self.width}, want an odd number")


@dataclass(frozen=True, kw_only=True)
class TokenGRUOptions:
    """Size of the recurrent reader.

    Attributes
    ----------
    channels : int
        Numbers that embed a token.
    units : int
        Units of each direction.
    cell : str
        ``gru`` or ``lstm``.
    dropout : float
        Share of embedded numbers left out in training.
    """

    channels: int = field(default=64, metadata={"at_least": 1})
    units: int = field(default=96, metadata={"at_least": 1})
    cell: Cell = "gru"
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})


class TokenCNN(nn.Module):
    """Dilated residual convolutions over a word, read by their strongest and mean response.

    Parameters
    ----------
    options : TokenCNNOptions
        Sizes.
    tokens : int
        Size of the vocabulary, without 0.
    """

    def __init__(self, options: TokenCNNOptions, *, tokens: int) -> None:
        super().__init__()
        self.outputs = 2 * options.channels
        self.embed = nn.Embedding(tokens + 1, options.channels, padding_idx=0)
        self.blocks = nn.ModuleList(
            nn.Conv1d(
                options.channels,
                options.channels,
                options.width,
                padding=dilation * (options.width // 2),
                dilation=dilation,
            )
            for dilation in options.dilations
        )
        self.norms = nn.ModuleList(nn.LayerNorm(options.channels) for _ in options.dilations)
        self.dropout = nn.Dropout(options.dropout)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Give codes, float32 (B, `outputs`), of words, int (B, L)."""
        words = shortened(words)
        there = (words > 0)[:, :, None]
        hidden = self.embed(words)
        for convolution, norm in zip(self.blocks, self.norms, strict=True):
            seen = (norm(hidden) * there).transpose(1, 2)
            hidden = hidden + self.dropout(nn.functional.gelu(convolution(seen).transpose(1, 2)))
        return pooled(hidden, there)


class TokenGRU(nn.Module):
    """A bidirectional recurrent network over a word, read by its strongest and mean state.

    Parameters
    ----------
    options : TokenGRUOptions
        Sizes.
    tokens : int
        Size of the vocabulary, without 0.
    """

    def __init__(self, options: TokenGRUOptions, *, tokens: int) -> None:
        super().__init__()
        self.outputs = 4 * options.units
        self.embed = nn.Embedding(tokens + 1, options.channels, padding_idx=0)
        self.dropout = nn.Dropout(options.dropout)
        self.rnn = bidirectional(options.channels, options.units, options.cell)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Give codes, float32 (B, `outputs`), of words, int (B, L)."""
        words = shortened(words)
        there = (words > 0)[:, :, None]
        lengths = there.sum((1, 2)).clamp(min=1).cpu()
        packed = pack_padded_sequence(
            self.dropout(self.embed(words)), lengths, batch_first=True, enforce_sorted=False
        )
        states, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=words.shape[1])
        return pooled(states, there)


def shortened(words: torch.Tensor) -> torch.Tensor:
    """Cut words (B, L) behind the end of the longest, and keep one token at least."""
    longest = int((words > 0).sum(1).max()) if len(words) else 0
    return words[:, : max(longest, 1)]


def pooled(hidden: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """Give the strongest and the mean over the tokens that are there, (B, 2 * channels); 0 of an empty word.

    Parameters
    ----------
    hidden : Tensor, shape (B, L, channels)
    there : Tensor, bool, shape (B, L, 1)
    """
    count = there.sum(1)
    strongest = hidden.masked_fill(~there, -torch.inf).amax(1).masked_fill(count == 0, 0.0)
    mean = (hidden * there).sum(1) / count.clamp(min=1)
    return torch.cat([strongest, mean], 1).float()
