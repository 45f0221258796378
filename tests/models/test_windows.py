"""Networks over whole windows: every base is read, and padding is nothing but unknown bases."""

import pytest
import torch
from torch.nn import functional as F

from seqmill.models.strands import mean_of_strands
from seqmill.models.windows import (
    WindowCNNOptions,
    WindowGRUOptions,
    WindowNetwork,
    bins_of,
    window_cnn,
    window_gru,
)

LENGTH = 42
SMALL = {"channels": 8, "stem": 5, "pool": 4, "dilations": (1, 2), "hidden": 6}
BUILT = [
    pytest.param(lambda: window_cnn(WindowCNNOptions(**SMALL), length=LENGTH, outputs=3), id="cnn"),
    pytest.param(
        lambda: window_cnn(WindowCNNOptions(**SMALL, positional=0), length=LENGTH, outputs=3), id="pooled"
    ),
    pytest.param(lambda: window_gru(WindowGRUOptions(**SMALL, units=4), length=LENGTH, outputs=3), id="gru"),
    pytest.param(
        lambda: window_gru(WindowGRUOptions(**SMALL, units=4, cell="lstm"), length=LENGTH, outputs=3),
        id="lstm",
    ),
]


def _network(build) -> WindowNetwork:
    torch.manual_seed(1)
    network = build().eval()

    return network


def _dna(rows: int, length: int = LENGTH) -> torch.Tensor:
    codes = torch.randint(4, (rows, length), generator=torch.Generator().manual_seed(7))
    return F.one_hot(codes, 4).transpose(1, 2).float()


@pytest.mark.parametrize("build", BUILT)
def test_outputs(build):
    found = _network(build)(_dna(5))
    assert found.shape == (5, 3)
    assert found.dtype == torch.float32


@pytest.mark.parametrize("build", BUILT)
def test_every_base_is_read(build):
    x = _dna(1).requires_grad_()
    _network(build)(x).sum().backward()
    assert (x.grad.abs().sum((0, 1)) > 0).float().mean() > 0.8  # a maximum over a bin hides some bases


@pytest.mark.parametrize("build", BUILT)
def test_rows_do_not_depend_on_each_other(build):
    network, x = _network(build), _dna(6)
    torch.testing.assert_close(network(x)[2:4], network(x[2:4]))


def test_padding_is_unknown_bases():
    network, x = _network(BUILT[0].values[0]), _dna(3)
    left, right = network.padding
    assert left + right + LENGTH == bins_of(LENGTH, 4) * 4 + 2 * network.trunk.margin
    wide = torch.cat([torch.zeros(3, 4, left), x, torch.zeros(3, 4, right)], dim=2)
    torch.testing.assert_close(network(x), network.head(network.trunk(wide)))


def test_without_positions_a_motif_counts_the_same_in_any_bin():
    network = _network(BUILT[1].values[0])
    x = torch.zeros(2, 4, LENGTH)
    motif = _dna(1, 8)
    x[:1, :, 12:20], x[1:, :, 20:28] = motif, motif
    one, other = network(x)
    torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize(("length", "pool", "bins"), [(42, 5, 9), (45, 5, 9), (46, 5, 10), (1, 5, 1)])
def test_bins_of(length, pool, bins):
    assert bins_of(length, pool) == bins


def test_an_even_stem_is_refused():
    with pytest.raises(ValueError, match="stem: found 4, want an odd number"):
        WindowCNNOptions(stem=4)


def test_mean_of_strands():
    network, x = _network(BUILT[0].values[0]), _dna(4)
    turned = x.flip((1, 2))
    torch.testing.assert_close(mean_of_strands(network, x), mean_of_strands(network, turned))
    assert not torch.allclose(network(x), network(turned))
