"""What reads a molecule before a tower: its fingerprint and other numbers, or its SMILES."""

from seqmill.models.blocks import Layout, Quantities, Words, block_of_tokens
from seqmill.models.tokens import TokenCNN, TokenCNNOptions, TokenGRU, TokenGRUOptions


def numbers(layout: Layout) -> Quantities:
    """Build what takes the numbers of a table, such as fingerprints, and leaves tokens out."""
    return Quantities(layout)


def smiles_cnn(layout: Layout, options: TokenCNNOptions) -> Words:
    """Build the convolutional reader of a table's block of tokens."""
    return Words(layout, TokenCNN(options, tokens=block_of_tokens(layout)["tokens"]))


def smiles_gru(layout: Layout, options: TokenGRUOptions) -> Words:
    """Build the recurrent reader of a table's block of tokens."""
    return Words(layout, TokenGRU(options, tokens=block_of_tokens(layout)["tokens"]))
