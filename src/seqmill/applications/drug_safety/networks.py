"""Networks from a molecule to a logit for each task; they differ in what reads the molecule."""

from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import nn

from seqmill.applications.profiled.readers import numbers, smiles_cnn, smiles_gru
from seqmill.models.blocks import perceptron
from seqmill.models.tokens import TokenCNNOptions, TokenGRUOptions
from seqmill.shards.schema import Encoding


@dataclass(frozen=True, kw_only=True)
class _HeadOptions:
    """What stands behind the reader of a molecule.

    Attributes
    ----------
    hidden : tuple of int
        Units of the layers.
    dropout : float
        Share of units left out.
    """

    hidden: tuple[int, ...] = (256,)
    dropout: float = field(default=0.5, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class FingerprintOptions(_HeadOptions):
    """Options of the perceptron over fingerprints.

    Attributes
    ----------
    input_dropout : float
        Share of inputs left out.
    counts : str
        How counts are taken: ``plain``, or ``log`` of one more.
    """

    input_dropout: float = field(default=0.3, metadata={"at_least": 0, "below": 1})
    counts: Literal["plain", "log"] = "log"


@dataclass(frozen=True, kw_only=True)
class SmilesCNNOptions(_HeadOptions):
    """Options of the convolutional network over SMILES.

    Attributes
    ----------
    reader : TokenCNNOptions
        Sizes of the convolutions.
    """

    hidden: tuple[int, ...] = (128,)
    reader: TokenCNNOptions = field(default_factory=TokenCNNOptions)


@dataclass(frozen=True, kw_only=True)
class SmilesGRUOptions(_HeadOptions):
    """Options of the recurrent network over SMILES.

    Attributes
    ----------
    reader : TokenGRUOptions
        Sizes of the recurrent network.
    """

    hidden: tuple[int, ...] = (128,)
    reader: TokenGRUOptions = field(default_factory=TokenGRUOptions)


class LogCounts(nn.Module):
    """Counts on a logarithmic scale, ln(1 + count): the tenth ring says less than the first."""

    def forward(self, counts: torch.Tensor) -> torch.Tensor:
        """Give ln(1 + count) of counts of any shape."""
        return counts.log1p()


def fingerprint_mlp(encoding: Encoding, options: FingerprintOptions) -> nn.Sequential:
    """Build a perceptron over fingerprints: inputs of molecules -> logits (B, tasks)."""
    reader = numbers(encoding.tables["molecules"])
    scale = [LogCounts()] if options.counts == "log" else []
    return nn.Sequential(
        reader, *scale, nn.Dropout(options.input_dropout), *_head(reader.outputs, options, encoding)
    )


def safety_cnn(encoding: Encoding, options: SmilesCNNOptions) -> nn.Sequential:
    """Build convolutions over SMILES: inputs of molecules -> logits (B, tasks)."""
    reader = smiles_cnn(encoding.tables["molecules"], options.reader)
    return nn.Sequential(reader, *_head(reader.outputs, options, encoding))


def safety_gru(encoding: Encoding, options: SmilesGRUOptions) -> nn.Sequential:
    """Build a recurrent network over SMILES: inputs of molecules -> logits (B, tasks)."""
    reader = smiles_gru(encoding.tables["molecules"], options.reader)
    return nn.Sequential(reader, *_head(reader.outputs, options, encoding))


def _head(width: int, options: _HeadOptions, encoding: Encoding) -> nn.Sequential:
    return perceptron(width, options.hidden, len(encoding.options["tasks"]), dropout=options.dropout)
