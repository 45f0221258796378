"""Mixtures do what they say and no more."""

import torch

from seqmill.applications.expression.augment import mixed
from seqmill.models.sequence import one_hot


def codes(rows=200, length=30):
    return torch.randint(4, (rows, length), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def test_mixtures_lie_between_two_examples_and_so_do_their_levels():
    torch.manual_seed(1)
    x, levels = one_hot(codes(50)), torch.arange(50.0)
    found, of_found = mixed(x, levels, 0.4)
    shares = []
    for row in range(50):
        fitting = [
            share
            for other in range(50)
            for share in [_share(found[row], x[row], x[other])]
            if share is not None
            and torch.isclose(of_found[row], share * levels[row] + (1 - share) * levels[other], atol=1e-3)
        ]
        assert fitting
        shares.append(float(fitting[0]))
    assert min(shares) < 0.1 and max(shares) > 0.9 and 0.3 < sum(shares) / 50 < 0.7


def _share(mixture, first, second):
    """Give the share of the first of two sequences in a mixture of them; None where it is no such mixture."""
    differs = (first != second) & (first == 1)
    if not differs.any():
        return torch.tensor(1.0)
    share = mixture[differs][0]
    return share if torch.allclose(mixture, share * first + (1 - share) * second, atol=1e-5) else None
