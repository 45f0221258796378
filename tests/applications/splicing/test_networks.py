"""Shapes, and that a stretch gives at each base what a window around the base gives alone."""

import pytest
import torch

from seqmill.applications.splicing.networks import splice_cnn, splice_gru
from seqmill.applications.splicing.options import SiteCNNOptions, SiteGRUOptions

SMALL = {"channels": 8, "stem": 5, "hidden": 8}
NETWORKS = {
    "places": lambda: splice_cnn(None, SiteCNNOptions(**SMALL, dilations=(1,), reach=6)),
    "dilated": lambda: splice_cnn(None, SiteCNNOptions(**SMALL, dilations=(1, 4, 10), reach=0)),
    "gru": lambda: splice_gru(None, SiteGRUOptions(**SMALL, reach=6, units=4)),
}


@pytest.mark.parametrize(("name", "margin"), [("places", 2 + 1 + 1 + 6), ("dilated", 2 + 1 + 15), ("gru", 9)])
def test_a_base_is_told_from_the_margin_beside_it(name, margin):
    torch.manual_seed(1)
    network = NETWORKS[name]().eval()
    assert network.margin == margin
    x = torch.rand(2, 4, 2 * margin + 7)
    assert network(x).shape == (2, 3, 7)
    changed = x.clone()
    changed[..., margin + 3 + margin + 1] += 1  # one base further than the fourth base sees
    told, again = network(x), network(changed)
    torch.testing.assert_close(told[..., :4], again[..., :4])
    assert not torch.allclose(told[..., 4], again[..., 4])


@pytest.mark.parametrize("name", NETWORKS)
def test_a_stretch_gives_what_its_windows_give(name):
    torch.manual_seed(2)
    network = NETWORKS[name]().eval()
    x = torch.rand(1, 4, 2 * network.margin + 12)
    along = network(x)
    for at in (0, 5, 11):
        alone = network(x[..., at : at + 2 * network.margin + 1])
        torch.testing.assert_close(along[..., at], alone[..., 0], rtol=1e-4, atol=1e-5)
