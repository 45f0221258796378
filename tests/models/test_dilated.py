"""The dilated trunk: what it sees, that nothing is padded, and that both strands lie alike."""

import pytest
import torch

from seqmill.models.dilated import DilatedTrunk
from seqmill.models.places import Dropout


def trunk(**given) -> DilatedTrunk:
    torch.manual_seed(3)
    sizes = {"channels": 6, "stem": 7, "pool": 5, "dilations": (1, 2, 4), "dropout": 0.1}
    return DilatedTrunk(**sizes | given).eval()


def dna(length: int, rows: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(length)
    codes = torch.randint(0, 4, (rows, length), generator=generator)
    return torch.nn.functional.one_hot(codes, 4).transpose(1, 2).float()


@pytest.mark.parametrize(("stem", "pool"), [(7, 5), (15, 5), (9, 4), (1, 1)])
def test_bins_cover_what_lies_inside_the_margins(stem, pool):
    net = trunk(stem=stem, pool=pool)
    assert net.margin == stem // 2 + pool * (1 + 1 + 2 + 4)
    assert net(dna(pool * 30 + 2 * net.margin)).shape == (2, 6, 30)


def test_a_bin_depends_on_its_margin_and_on_nothing_beyond():
    net = trunk()
    x = dna(5 * 40 + 2 * net.margin, rows=1).requires_grad_()
    at = 17
    net(x)[0, :, at].sum().backward()
    touched = x.grad.abs().sum((0, 1)).nonzero().ravel()
    assert touched.min() >= 5 * at
    assert touched.max() < 5 * (at + 1) + 2 * net.margin


def test_a_long_stretch_gives_what_a_window_gives():
    net = trunk()
    x = dna(5 * 60 + 2 * net.margin)
    dense = net(x)
    for first in (0, 13, 50):
        alone = net(x[..., 5 * first : 5 * (first + 10) + 2 * net.margin])
        torch.testing.assert_close(alone, dense[..., first : first + 10], rtol=1e-4, atol=1e-5)


def test_bins_of_the_other_strand_are_the_same_bases():
    """With filters that are their own reverse complement the output is turned exactly."""
    net = trunk(channels=2, dilations=(1, 3))
    with torch.no_grad():
        for layer in net.modules():
            if isinstance(layer, torch.nn.Conv1d):
                turned = layer.weight.flip((1, 2) if layer.in_channels == 4 else (2,))
                layer.weight.copy_((layer.weight + turned) / 2)
    x = dna(5 * 20 + 2 * net.margin)
    torch.testing.assert_close(net(x.flip((1, 2))), net(x).flip(2), rtol=1e-4, atol=1e-5)


def test_an_even_stem_is_refused():
    with pytest.raises(ValueError, match="stem: found 8, want an odd"):
        trunk(stem=8)


@pytest.mark.parametrize("whole", [True, False])
def test_whole_channels_are_left_out_where_asked_for(whole):
    net = trunk(channels=32, dilations=(1,), dropout=0.5, drop_channels=whole).train()
    kept = []
    for module in net.modules():
        if isinstance(module, Dropout):
            module.register_forward_hook(lambda _, given, out: kept.append((given[0] > 0, out > 0)))
    net(dna(5 * 40 + 2 * net.margin, rows=3))
    ((there, left),) = kept
    shares = left.sum(1) / there.sum(1).clamp(min=1)
    if whole:
        assert set(shares.unique().tolist()) == {0.0, 1.0}
        assert 0.3 < shares[there.any(1)].mean() < 0.7
    else:
        assert ((shares > 0) & (shares < 1)).float().mean() > 0.9
