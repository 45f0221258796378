"""The first convolution and its strongest responses: torch's convolution and maximum are the oracle."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seqmill.models.stem import Stem, Strongest


def dna(length: int, rows: int = 3) -> torch.Tensor:
    codes = torch.randint(0, 4, (rows, length), generator=torch.Generator().manual_seed(length))
    return F.one_hot(codes, 4).transpose(1, 2).float()


class Pooled(nn.Module):
    def __init__(self, pool: int) -> None:
        super().__init__()
        self.pool = pool

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.unfold(2, self.pool, self.pool).amax(3)


def both(width: int, pool: int) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(1)
    ours = nn.Sequential(Stem(8, width, pool), Strongest())
    plain = nn.Sequential(nn.Conv1d(4, 8, width), Pooled(pool))
    plain[0].load_state_dict(ours[0].state_dict())
    return ours, plain


@pytest.mark.parametrize("length", [100, 101, 104])
@pytest.mark.parametrize(("width", "pool"), [(15, 5), (7, 4), (9, 1), (1, 1), (3, 2)])
def test_values_and_gradients_are_those_of_convolution_and_pooling(width, pool, length):
    ours, plain = both(width, pool)
    one, other = dna(length).requires_grad_(), dna(length).requires_grad_()
    found, wanted = ours(one).transpose(1, 2), plain(other)
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-6)
    weights = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(2))
    (found * weights).sum().backward()
    (wanted * weights).sum().backward()
    torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-5)
    for mine, theirs in zip(ours.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-4, atol=1e-4)


def test_equal_responses_of_a_bin_share_what_it_learns():
    responses = torch.tensor([[[[1.0, 2.0]]], [[[1.0, 0.0]]]], requires_grad=True)
    Strongest()(responses).sum().backward()
    assert responses.grad.tolist() == [[[[0.5, 1.0]]], [[[0.5, 0.0]]]]


def test_half_precision_is_used_where_it_is_asked_for():
    ours, _ = both(15, 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = ours(dna(100))
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), ours(dna(100)), rtol=0.03, atol=0.03)
