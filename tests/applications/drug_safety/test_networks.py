"""A logit for each task, of the fingerprint or of the SMILES."""

import pytest
import torch

from seqmill.applications.drug_safety import networks

BUILT = {
    "fingerprint_mlp": networks.FingerprintOptions(hidden=(5,)),
    "safety_cnn": networks.SmilesCNNOptions(hidden=(5,)),
    "safety_gru": networks.SmilesGRUOptions(hidden=()),
}


@pytest.mark.parametrize("name", BUILT)
def test_each_network_gives_a_logit_for_each_task_and_learns(safety, name):
    torch.manual_seed(0)
    encoding = safety.manifest.encoding
    built = getattr(networks, name)(encoding, BUILT[name])
    width = sum(facts["size"] for facts in encoding.tables["molecules"].values())
    inputs = torch.ones(3, width)
    said = built(inputs)
    assert said.shape == (3, 3)
    said.sum().backward()
    assert all(weight.grad is not None for weight in built.parameters())
    other = inputs.clone()
    other[:, 8:] = 2  # the tokens, behind eight counts
    built.eval()
    assert torch.equal(built(other), built(inputs)) == (name == "fingerprint_mlp")


def test_counts_are_taken_on_a_logarithmic_scale():
    assert torch.allclose(
        networks.LogCounts()(torch.tensor([0.0, 1.0, 9.0])), torch.tensor([1.0, 2, 10]).log()
    )
