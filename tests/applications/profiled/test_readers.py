"""Readers of a table with a fingerprint and a SMILES see the one or the other."""

import pytest
import torch

from seqmill.applications.profiled.readers import numbers, smiles_cnn, smiles_gru
from seqmill.models.tokens import TokenCNNOptions, TokenGRUOptions

LAYOUT = {
    "smiles": {"size": 5, "dtype": "uint8", "features": "-", "tokens": 9, "vocabulary": "-"},
    "morgan": {"size": 3, "dtype": "uint8", "features": "-"},
}
INPUTS = torch.tensor([[1.0, 0, 1, 4, 9, 2, 0, 0], [0.0, 1, 0, 3, 0, 0, 0, 0]])


@pytest.mark.parametrize(
    "reader",
    [
        lambda: smiles_cnn(LAYOUT, TokenCNNOptions(channels=4)),
        lambda: smiles_gru(LAYOUT, TokenGRUOptions(channels=4, units=3)),
    ],
    ids=["cnn", "gru"],
)
def test_readers_of_smiles_see_no_fingerprint(reader):
    torch.manual_seed(0)
    built = reader().eval()
    before = built(INPUTS)
    assert before.shape == (2, built.outputs)
    other = INPUTS.clone()
    other[:, :3] = 7
    assert torch.equal(built(other), before)
    other[0, 4] = 5
    assert not torch.equal(built(other)[0], before[0])
    assert torch.equal(built(other)[1], before[1])


def test_numbers_see_no_smiles():
    built = numbers(LAYOUT)
    assert built.outputs == 3
    assert torch.equal(built(INPUTS), INPUTS[:, :3])
