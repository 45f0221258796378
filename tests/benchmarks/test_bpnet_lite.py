"""The peer is given the windows that it says; what cannot be measured is named."""

from types import SimpleNamespace

import bpnet_lite
import bpnet_peer
import numpy as np
import torch

from seqmill.applications.accessibility.networks import dilated_cnn
from seqmill.applications.accessibility.options import DilatedCNNOptions
from seqmill.applications.accessibility.spec import Options, encoding

WINDOW = 300


def windows(budget_s, optimizer):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (5, 2000)).astype(np.uint8)
    places = np.array([[tile, start] for tile in range(5) for start in range(500, 1000, 25)])
    return bpnet_peer.Windows(codes, codes + 1, places, optimizer, window=WINDOW, budget_s=budget_s)


def test_counts_lie_in_the_middle_of_their_sequence_on_either_strand():
    optimizer = SimpleNamespace(param_groups=[{"lr": 1.0}])
    x, y, _ = next(iter(windows(1e6, optimizer)))
    assert x.shape == (64, 4, WINDOW + 2 * bpnet_peer.MARGIN)
    assert y.shape == (64, 1, WINDOW)
    bases = x[..., bpnet_peer.MARGIN : -bpnet_peer.MARGIN].argmax(1)
    forward, backward = ((y[:, 0] == told).all(1) for told in (bases + 1, 4 - bases))
    assert (forward ^ backward).all()
    assert forward.any()
    assert backward.any()


def test_the_learning_rate_falls_and_batches_end_with_the_time():
    optimizer = SimpleNamespace(param_groups=[{"lr": 1.0}])
    given = windows(0.2, optimizer)
    rates = [optimizer.param_groups[0]["lr"] for _ in given]
    assert given.seen == 64 * len(rates) > 0
    assert rates == sorted(rates, reverse=True)
    assert rates[0] <= bpnet_peer.RATE


def test_an_unknown_base_is_all_zeros():
    assert torch.equal(bpnet_peer.one_hot(np.array([[2, 4]], np.uint8))[0].T, torch.eye(5, 4)[[2, 4]])


def test_both_see_as_far_and_windows_lie_within_their_tiles():
    options = Options()
    ours = dilated_cnn(encoding(options), DilatedCNNOptions())
    assert abs(ours.margin - bpnet_peer.MARGIN) < 20
    reach = bpnet_peer.MARGIN + bpnet_peer.JITTER
    last = options.flank + options.span - options.stride
    assert options.flank >= reach
    assert last + options.window + reach <= options.width


def test_without_a_dataset_no_figure_is_given(monkeypatch, tmp_path):
    monkeypatch.setattr(bpnet_lite, "MANIFEST", tmp_path / "none.json")
    for one in bpnet_lite.claims(quick=True):
        assert (one.ours, one.peer, one.ratio) == (None, None, None)
        assert "no dataset" in one.note
