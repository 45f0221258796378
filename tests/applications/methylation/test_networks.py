"""Networks over windows around a site: they know where the site is."""

import pytest
import torch

from seqmill.applications.methylation.networks import methylation_cnn, methylation_gru
from seqmill.applications.methylation.spec import Options, encoding
from seqmill.errors import InputError
from seqmill.models.windows import WindowCNNOptions, WindowGRUOptions

ENCODING = encoding(Options(marks=("5mC", "5hmC", "6mA"), window=21))
SMALL = {"channels": 8, "stem": 5, "pool": 1, "hidden": 8, "dropout": 0.0}


def cnn():
    return methylation_cnn(ENCODING, WindowCNNOptions(**SMALL, dilations=(1,)))


def gru():
    return methylation_gru(ENCODING, WindowGRUOptions(**SMALL, units=6))


def dna(rows):
    codes = torch.randint(4, (rows, 21), generator=torch.Generator().manual_seed(3))
    return torch.nn.functional.one_hot(codes, 4).transpose(1, 2).float()


@pytest.mark.parametrize("build", [cnn, gru])
def test_one_output_for_each_mark(build):
    assert build()(dna(4)).shape == (4, 3)


@pytest.mark.parametrize("build", [cnn, gru])
def test_a_moved_window_is_that_of_another_site(build):
    torch.manual_seed(1)
    network, x = build().eval(), dna(30)
    apart = (network(x) - network(x.roll(1, dims=2))).abs().amax(dim=1)
    assert (apart > 1e-5).all()


def test_the_recurrent_network_reads_both_ends_of_the_window():
    torch.manual_seed(1)
    x = dna(2).requires_grad_()
    gru().eval()(x).sum().backward()
    assert (x.grad.abs().sum((0, 1)) > 0).all()


def test_bins_without_a_middle_are_refused():
    with pytest.raises(InputError, match=r"model.options.pool: found 2, .* want an odd number of bins"):
        methylation_gru(encoding(Options(window=23)), WindowGRUOptions(**SMALL | {"pool": 2}))
