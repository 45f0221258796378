"""What is hidden where models are compared hangs on the example alone; in training shares are as told."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.masked_bases.masks import EVERY, mask_at_random, mask_evenly, masked_places

CODES = torch.tensor([[0, 1, 2, 3] * 25, [4] * 50 + [2] * 50], dtype=torch.uint8)
IDS = torch.tensor([2**64 - 1, 12], dtype=torch.uint64)


@given(st.integers(0, 2**64 - 1), st.integers(1, 60))
def test_each_seventh_base_of_a_span_is_hidden(identity, span):
    codes = torch.zeros(1, span, dtype=torch.uint8)
    masked = mask_evenly(codes, torch.tensor([identity], dtype=torch.uint64))
    hidden = masked.asked[0].nonzero().ravel().tolist()
    assert hidden == list(range(hidden[0] if hidden else 0, span, EVERY)) if hidden else span < EVERY
    assert masked.codes[0].eq(4).nonzero().ravel().tolist() == hidden
    places = masked_places(torch.tensor([identity], dtype=torch.uint64), span)[0].tolist()
    assert [place for place in places if place < span] == hidden
    assert max(places) < span + EVERY


def test_examples_differ_in_what_is_hidden_and_each_remainder_comes():
    ids = torch.arange(100, 100 + EVERY).to(torch.uint64)
    assert sorted(masked_places(ids, 50)[:, 0].tolist()) == list(range(EVERY))


def test_unknown_bases_are_never_asked_for():
    for masked in (mask_evenly(CODES, IDS), mask_at_random(CODES, 0.9)):
        assert not masked.asked[1, :50].any()
        assert masked.asked[1, 50:].any()


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_shares_of_what_is_asked_hidden_and_exchanged(share):
    torch.manual_seed(3)
    codes = torch.randint(0, 4, (50, 2000)).to(torch.uint8)
    masked = mask_at_random(codes, share)
    assert masked.asked.float().mean() == pytest.approx(share, abs=0.01)
    assert torch.equal(masked.codes[~masked.asked], codes[~masked.asked])
    shown, true = masked.codes[masked.asked], codes[masked.asked]
    assert (shown == 4).float().mean() == pytest.approx(0.8, abs=0.02)
    assert ((shown != 4) & (shown != true)).float().mean() == pytest.approx(0.1 * 3 / 4, abs=0.01)
    assert set(shown[shown < 4].tolist()) == {0, 1, 2, 3}
