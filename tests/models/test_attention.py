"""Local attention is that of its definition, hangs on distances alone, and is the same in any window."""

import math

import pytest
import torch

from seqmill.models.attention import AttentionTrunk, LocalAttention
from seqmill.models.sequence import one_hot


def attention(reach=5, heads=2, channels=8, seed=0):
    torch.manual_seed(seed)
    return LocalAttention(channels, heads=heads, reach=reach).eval()


def by_hand(layer, x):
    """Position by position, head by head, with complex numbers for the rotary positions."""
    rows, length, channels = x.shape
    width, reach = channels // layer.heads, layer.reach
    query, key, value = layer.asked(x).double().chunk(3, dim=2)
    speeds = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    out = torch.zeros(rows, length - 2 * reach, channels, dtype=torch.float64)
    for row in range(rows):
        for head in range(layer.heads):
            part = slice(head * width, (head + 1) * width)
            q, k, v = query[row, :, part], key[row, :, part], value[row, :, part]
            q, k = (torch.complex(side[:, : width // 2], side[:, width // 2 :]) for side in (q, k))
            for place in range(reach, length - reach):
                others = range(place - reach, place + reach + 1)
                scores = torch.stack(
                    [
                        (q[place] * (k[other] * torch.exp(1j * (other - place) * speeds)).conj()).real.sum()
                        for other in others
                    ]
                )
                shares = (scores / math.sqrt(width)).softmax(0)
                out[row, place - reach, part] = shares @ v[list(others)]
    return layer.joined(out.float())


@pytest.mark.parametrize("length", [11, 30, 150])
def test_attention_is_that_of_its_definition(length):
    layer = attention()
    x = torch.randn(2, length, 8)
    torch.testing.assert_close(layer(x), by_hand(layer, x), rtol=1e-4, atol=1e-5)


def test_nothing_beyond_the_reach_is_seen():
    layer = attention(reach=3)
    x = torch.randn(1, 200, 8, requires_grad=True)
    layer(x)[0, 90].sum().backward()  # position 93
    seen = x.grad[0].abs().sum(1).nonzero().ravel().tolist()
    assert seen == list(range(90, 97))


def test_heads_have_to_divide_the_channels():
    with pytest.raises(ValueError, match="heads: found 4, want a divisor of 12 channels"):
        LocalAttention(12, heads=4, reach=2)


def test_a_window_gives_what_the_stretch_gives():
    torch.manual_seed(1)
    trunk = AttentionTrunk(
        channels=16, stem=9, pool=5, dilations=(1,), blocks=2, heads=2, reach=6, dropout=0.1
    ).eval()
    bins = 120
    codes = torch.randint(0, 4, (2, 5 * bins + 2 * trunk.margin)).to(torch.uint8)
    x = one_hot(codes)
    whole = trunk(x)
    assert whole.shape == (2, 16, bins)
    assert trunk.margin == 4 + 5 * (1 + 1 + 2 * 6)
    for at, size in ((0, 1), (17, 3), (63, 40), (100, 20)):
        window = trunk(x[..., 5 * at : 5 * (at + size) + 2 * trunk.margin])
        torch.testing.assert_close(window, whole[..., at : at + size], rtol=1e-4, atol=1e-5)


def test_weights_alone_are_saved():
    assert {name.split(".")[0] for name in attention().state_dict()} == {"asked", "joined"}
