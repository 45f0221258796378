"""A bin's channels tell each of its places, and the bases close by are read where they lie."""

import torch

from seqmill.models.bases import BaseHead


def test_logits_of_a_place_come_from_its_bin_and_its_own_group_of_channels():
    torch.manual_seed(0)
    head = BaseHead(6, pool=3, hidden=5, near=0)
    hidden = torch.randn(2, 6, 4)
    logits = head(hidden, torch.zeros(2, 4, 12))
    assert logits.shape == (2, 4, 12)
    weight, bias = head.places.weight[..., 0].view(5, 3, 6), head.places.bias.view(5, 3)
    for base in range(12):
        inner = hidden[:, :, base // 3] @ weight[:, base % 3].T + bias[:, base % 3]
        wanted = torch.nn.functional.gelu(inner) @ head.read.weight[..., 0].T + head.read.bias
        torch.testing.assert_close(logits[:, :, base], wanted)


def test_bases_close_by_are_seen_as_far_as_said():
    torch.manual_seed(0)
    head = BaseHead(6, pool=5, hidden=8, near=4)
    x = torch.randn(1, 4, 20 + 8, requires_grad=True)
    head(torch.randn(1, 6, 4), x)[0, :, 7].sum().backward()  # base 7 lies at 11 of what is given
    assert x.grad[0].abs().sum(0).nonzero().ravel().tolist() == list(range(7, 16))


def test_without_them_the_trunk_says_all():
    head = BaseHead(6, pool=5, hidden=8, near=0)
    x = torch.randn(1, 4, 20, requires_grad=True)
    head(torch.randn(1, 6, 4), x).sum().backward()
    assert x.grad is None
