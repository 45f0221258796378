"""Networks from profile and molecule to response; they differ in what reads the molecule."""

from dataclasses import dataclass, field

from torch import nn

from seqmill.applications.profiled.readers import numbers, smiles_cnn, smiles_gru
from seqmill.models.blocks import width_of
from seqmill.models.tokens import TokenCNNOptions, TokenGRUOptions
from seqmill.models.two_tower import TwoTowerOptions, TwoTowers
from seqmill.shards.schema import Encoding


@dataclass(frozen=True, kw_only=True)
class SmilesCNNTowerOptions(TwoTowerOptions):
    """Options of two towers, of which the right one reads SMILES by convolutions.

    Attributes
    ----------
    reader : TokenCNNOptions
        Sizes of what stands before the right tower.
    """

    reader: TokenCNNOptions = field(default_factory=TokenCNNOptions)


@dataclass(frozen=True, kw_only=True)
class SmilesGRUTowerOptions(TwoTowerOptions):
    """Options of two towers, of which the right one reads SMILES by a recurrent network.

    Attributes
    ----------
    reader : TokenGRUOptions
        Sizes of what stands before the right tower.
    """

    reader: TokenGRUOptions = field(default_factory=TokenGRUOptions)


def two_tower(encoding: Encoding, options: TwoTowerOptions) -> TwoTowers:
    """Build the perceptrons of profile and molecule and their head; gives one output."""
    return _towers(encoding, options, numbers(encoding.tables["molecules"]))


def two_tower_smiles_cnn(encoding: Encoding, options: SmilesCNNTowerOptions) -> TwoTowers:
    """Build the perceptron of the profile, convolutions over the SMILES, and their head."""
    return _towers(encoding, options, smiles_cnn(encoding.tables["molecules"], options.reader))


def two_tower_smiles_gru(encoding: Encoding, options: SmilesGRUTowerOptions) -> TwoTowers:
    """Build the perceptron of the profile, a recurrent network over the SMILES, and their head."""
    return _towers(encoding, options, smiles_gru(encoding.tables["molecules"], options.reader))


def _towers(encoding: Encoding, options: TwoTowerOptions, molecule: nn.Module) -> TwoTowers:
    return TwoTowers(options, left=width_of(encoding.tables["profiles"]), right=molecule)
