"""Each network reads the molecule in its own way, and all learn."""

import pytest
import torch

from seqmill.applications.drug_response import networks
from seqmill.applications.drug_response.spec import APPLICATION, Options, encoding
from seqmill.shards.schema import Encoding

LAYOUT = {
    "profiles": {"genes": {"size": 4, "dtype": "uint8", "features": "-"}},
    "molecules": {
        "morgan": {"size": 3, "dtype": "uint8", "features": "-"},
        "smiles": {"size": 5, "dtype": "uint8", "features": "-", "tokens": 9, "vocabulary": "-"},
    },
}
SIZES = {"left": (4,), "right": (4,), "head": ()}
BUILT = {
    "two_tower": networks.TwoTowerOptions(**SIZES),
    "two_tower_smiles_cnn": networks.SmilesCNNTowerOptions(**SIZES),
    "two_tower_smiles_gru": networks.SmilesGRUTowerOptions(**SIZES),
}


def test_every_network_of_the_application_is_tried():
    assert set(BUILT) == set(APPLICATION.networks)


@pytest.mark.parametrize("name", BUILT)
def test_fingerprint_or_smiles_is_read(name):
    torch.manual_seed(0)
    whole = Encoding.from_dict(encoding(Options()).to_dict() | {"tables": LAYOUT})
    built = getattr(networks, name)(whole, BUILT[name])
    profiles, molecules = torch.ones(1, 4), torch.tensor([[1.0, 0, 1, 4, 9, 2, 0, 0]])
    none = torch.tensor([0])
    built(profiles, molecules, none, none).sum().backward()
    assert all(weight.grad is not None for weight in built.parameters())
    built.eval()
    before = built(profiles, molecules, none, none)
    assert before.shape == (1, 1)
    for first, last, is_read in ((0, 3, name == "two_tower"), (3, 6, name != "two_tower")):
        other = molecules.clone()
        other[:, first:last] = 3
        assert (not torch.equal(built(profiles, other, none, none), before)) == is_read
