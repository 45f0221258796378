"""Layers over places: what torch's own give, and what is left out in training."""

import pytest
import torch
from torch import nn

from seqmill.models.places import Conv, Dropout, Norm, kept


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("width", "dilation"), [(1, 1), (3, 1), (3, 4), (5, 2)])
def test_a_convolution_gives_what_torch_gives_of_channels_first(width, dilation):
    conv = Conv(6, 4, width, dilation=dilation)
    plain = nn.Conv1d(6, 4, width, dilation=dilation)
    plain.load_state_dict(conv.state_dict())
    x = drawn(3, 40, 6)
    torch.testing.assert_close(conv(x), plain(x.transpose(1, 2)).transpose(1, 2), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_normalisation_gives_what_torch_gives_and_learns_the_same_moments(training):
    norm, plain = Norm(6).train(training), nn.BatchNorm1d(6).train(training)
    x = 3 + 2 * drawn(3, 40, 6)
    torch.testing.assert_close(norm(x), plain(x.transpose(1, 2)).transpose(1, 2), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(dict(norm.named_buffers()), dict(plain.named_buffers()), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_so_many_values_stay_and_their_mean_stays(share, dtype):
    torch.manual_seed(1)
    x = torch.ones(7, 1001, 11, dtype=dtype)  # not a multiple of the values that a draw decides
    found = kept(x, share)
    assert (found.shape, found.dtype) == (x.shape, dtype)
    stays = found > 0
    n = x.numel()
    assert abs(stays.float().mean() - (1 - share)) < 5 * (share * (1 - share) / n) ** 0.5
    torch.testing.assert_close(
        found[stays], torch.full_like(found[stays], 1 / (1 - share)), rtol=1e-3, atol=0
    )


def test_values_are_left_out_each_for_itself():
    """Of the four values that one draw decides, and of neighbours, none tells of another."""
    torch.manual_seed(2)
    left = (kept(torch.ones(40_000, 4), 0.3) == 0).double()
    assert left.T.corrcoef().fill_diagonal_(0).abs().max() < 5 / 200
    assert (left.mean(0) - 0.3).abs().max() < 5 * (0.3 * 0.7 / 40_000) ** 0.5


def test_a_seed_gives_the_same_values():
    found = []
    for _ in range(2):
        torch.manual_seed(5)
        found.append(kept(torch.ones(1000), 0.2))
    assert torch.equal(*found)


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_left_out_learns_nothing(whole):
    torch.manual_seed(3)
    x = drawn(3, 50, 32).requires_grad_()
    out = Dropout(0.5, whole=whole)(x)
    out.sum().backward()
    assert torch.equal(x.grad == 0, out == 0)
    shares = (out == 0).float().mean(1)
    if whole:
        assert set(shares.unique().tolist()) == {0.0, 1.0}
    else:
        assert ((shares > 0) & (shares < 1)).all()


@pytest.mark.parametrize("whole", [True, False])
def test_nothing_is_left_out_beside_training(whole):
    x = drawn(2, 5, 3)
    assert torch.equal(Dropout(0.5, whole=whole).eval()(x), x)
    assert torch.equal(Dropout(0.0, whole=whole)(x), x)
