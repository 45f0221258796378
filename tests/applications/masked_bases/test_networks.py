"""A stretch is told as its windows are, and the trunk bears the name that other networks look for."""

import pytest
import torch

from seqmill.applications.accessibility.networks import dilated_cnn
from seqmill.applications.accessibility.options import DilatedCNNOptions
from seqmill.applications.accessibility.spec import Options as EndsOptions
from seqmill.applications.accessibility.spec import encoding as ends_encoding
from seqmill.applications.masked_bases.networks import masked_cnn
from seqmill.applications.masked_bases.options import MaskedCNNOptions
from seqmill.applications.masked_bases.spec import Options, encoding
from seqmill.models.sequence import one_hot

SIZE = {"channels": 8, "stem": 5, "dilations": (1, 2)}


def build(**options):
    torch.manual_seed(0)
    return masked_cnn(encoding(Options()), MaskedCNNOptions(**SIZE, hidden=6, **options)).eval()


@pytest.mark.parametrize("near", [0, 6, 40])
def test_a_window_is_told_as_in_its_stretch(near):
    network = build(near=near)
    assert network.margin == max(2 + 5 * 4, near)
    x = one_hot(torch.randint(0, 4, (2, 100 + 2 * network.margin)).to(torch.uint8))
    whole = network(x)
    assert whole.shape == (2, 4, 100)
    for at, size in ((0, 5), (35, 20), (60, 40)):
        window = network(x[..., at : at + size + 2 * network.margin])
        torch.testing.assert_close(window, whole[..., at : at + size], rtol=1e-4, atol=1e-5)


def test_the_trunk_is_that_of_another_application():
    network = build()
    other = dilated_cnn(ends_encoding(EndsOptions()), DilatedCNNOptions(**SIZE, step=50))
    shapes = [
        {
            name: tuple(value.shape)
            for name, value in one.state_dict(prefix="network.").items()
            if name.startswith("network.trunk.")
        }
        for one in (network, other)
    ]
    assert shapes[0] == shapes[1] and shapes[0]


def test_an_even_stem_is_refused():
    with pytest.raises(ValueError, match="stem: found 8"):
        MaskedCNNOptions(stem=8)
