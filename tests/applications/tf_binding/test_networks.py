"""Networks have an output for each factor of the dataset."""

import pytest
import torch

from seqmill.applications.tf_binding.networks import binding_cnn, binding_gru
from seqmill.applications.tf_binding.options import SiteCNNOptions, SiteGRUOptions
from seqmill.applications.tf_binding.spec import Options, encoding


@pytest.mark.parametrize(
    ("build", "options"), [(binding_cnn, SiteCNNOptions()), (binding_gru, SiteGRUOptions())]
)
def test_an_output_for_each_factor(build, options):
    network = build(encoding(Options(factors=("A", "B", "C"), window=90)), options).eval()
    assert network(torch.zeros(2, 4, 90)).shape == (2, 3)
