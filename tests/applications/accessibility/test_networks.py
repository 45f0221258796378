"""Dense and windowed predictions agree; sizes that do not fit are refused."""

import pytest
import torch

from seqmill.applications.accessibility.networks import conv_attention, conv_gru, dilated_cnn
from seqmill.applications.accessibility.options import (
    ConvAttentionOptions,
    ConvGRUOptions,
    DilatedCNNOptions,
)
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.errors import InputError
from seqmill.models.sequence import one_hot

SMALL = DilatedCNNOptions(channels=8, stem=9, dilations=(1, 2, 4), hidden=4, step=50)


SMALL_GRU = ConvGRUOptions(channels=8, stem=9, context=3, units=5, hidden=4)

SMALL_ATTENTION = ConvAttentionOptions(
    channels=8, stem=9, dilations=(1,), blocks=2, heads=2, reach=7, hidden=4, step=50
)
NETWORKS = {
    "cnn": (dilated_cnn, SMALL),
    "gru": (conv_gru, SMALL_GRU),
    "attention": (conv_attention, SMALL_ATTENTION),
}


def network(kind, tracks=()):
    torch.manual_seed(0)
    encoded = encoding(Options(tracks=tracks))
    build, options = NETWORKS[kind]
    net = build(encoded, options)
    torch.nn.init.normal_(net.head.rate.weight)
    return net.eval()


@pytest.mark.parametrize("tracks", [(), ("leaf", "root", "seed")])
@pytest.mark.parametrize("kind", NETWORKS)
def test_dense_predictions_are_those_of_single_windows(kind, tracks):
    net = network(kind, tracks)
    span = 900
    codes = torch.randint(0, 4, (2, span + 2 * net.margin), generator=torch.Generator().manual_seed(1))
    x = one_hot(codes.to(torch.uint8))
    log_rates, log_expected = net(x)
    heads = max(1, len(tracks))
    assert log_expected.shape == (2, heads, (span - 300) // net.step + 1)
    assert log_rates.shape == (2, heads, span // 5)
    assert log_expected.std() > 1e-3
    for at in range(log_expected.shape[2]):
        rates, expected = net(x[..., net.step * at : net.step * at + 300 + 2 * net.margin])
        torch.testing.assert_close(expected[..., 0], log_expected[..., at], rtol=1e-4, atol=1e-5)
        bins = slice(net.step // 5 * at, net.step // 5 * at + 60)
        torch.testing.assert_close(rates, log_rates[..., bins], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", NETWORKS)
def test_each_track_has_outputs_of_its_own_over_the_same_trunk(kind):
    alone, both = network(kind), network(kind, ("leaf", "root"))
    own, shared = alone.state_dict(), both.state_dict()
    assert own.keys() == shared.keys()
    more = {name for name in own if own[name].shape != shared[name].shape}
    last = f"head.correction.{len(both.head.correction) - 1}"
    assert more == {f"{head}.{part}" for head in ("head.rate", last) for part in ("weight", "bias")}
    x = one_hot(torch.randint(0, 4, (2, 600 + 2 * both.margin)).to(torch.uint8))
    for track in (0, 1):
        cut = {name: value[track : track + 1] if name in more else value for name, value in shared.items()}
        alone.load_state_dict(cut)
        for one, several in zip(alone(x), both(x), strict=True):
            torch.testing.assert_close(one[:, 0], several[:, track], rtol=1e-4, atol=1e-5)
    assert (both(x)[1][:, 0] - both(x)[1][:, 1]).abs().min() > 1e-3


@pytest.mark.parametrize(
    ("given", "said"),
    [({"pool": 7}, "model.options.pool: found 7, want a divisor"), ({"step": 40}, "step: found 40")],
)
def test_sizes_that_do_not_fit_the_windows_are_refused(given, said):
    with pytest.raises(InputError, match=said):
        dilated_cnn(encoding(Options()), DilatedCNNOptions(**given))


def test_steps_of_the_recurrent_network_have_to_fit():
    with pytest.raises(InputError, match=r"pool \* merge: found 35, want a divisor"):
        conv_gru(encoding(Options()), ConvGRUOptions(merge=7))


@pytest.mark.parametrize("options", [DilatedCNNOptions, ConvGRUOptions, ConvAttentionOptions])
def test_an_even_stem_is_refused(options):
    with pytest.raises(ValueError, match="stem: found 8"):
        options(stem=8)


def test_heads_have_to_divide_the_channels():
    with pytest.raises(ValueError, match="heads: found 5, want a divisor of channels = 96"):
        ConvAttentionOptions(heads=5)
