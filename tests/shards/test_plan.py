from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.plan import EpochPlan, permutation, philox_key

MASK = 2**64 - 1
GROUPS = st.lists(st.integers(1, 20), min_size=1, max_size=20)


def philox(key, counter):
    """Philox 4x64-10 as published (Salmon et al. 2011), one block of four words."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        left, right = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (right >> 64) ^ b ^ k0, right & MASK, (left >> 64) ^ d ^ k1, left & MASK
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & MASK, (k1 + 0xBB67AE8584CAA73B) & MASK
    return [a, b, c, d]


def test_the_oracle_gives_the_published_known_answers():
    assert philox([0, 0], [0, 0, 0, 0]) == [
        0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B,
    ]  # fmt: skip


@given(
    key=st.tuples(st.integers(0, MASK), st.integers(0, MASK)),
    epoch=st.integers(0, 1000),
    stream=st.integers(0, 10**6),
    n=st.integers(0, 40),
)
def test_a_permutation_is_the_shuffle_by_philox_words(key, epoch, stream, n):
    words = [word for block in range(1, 12) for word in philox(key, [block, 0, stream, epoch])][:n]
    wanted = list(range(n))
    for last in reversed(range(1, n)):
        chosen = (words[last] >> 32) * (last + 1) >> 32
        wanted[last], wanted[chosen] = wanted[chosen], wanted[last]
    assert permutation(np.array(key, np.uint64), epoch, stream, n).tolist() == wanted


@given(parts=st.lists(st.integers(), max_size=3), epoch=st.integers(0, 9), n=st.integers(0, 500))
def test_a_permutation_holds_each_once(parts, epoch, n):
    assert sorted(permutation(philox_key(*parts), epoch, 0, n).tolist()) == list(range(n))


def test_keys_epochs_and_streams_are_independent():
    orders = {
        tuple(permutation(philox_key("d", seed), epoch, stream, 50).tolist())
        for seed in range(3)
        for epoch in range(3)
        for stream in range(3)
    }
    assert len(orders) == 27


def test_a_permutation_favours_no_place():
    places = np.zeros((8, 8), int)
    for epoch in range(4000):
        places[np.arange(8), permutation(philox_key("x"), epoch, 0, 8)] += 1
    chi2 = ((places - 500) ** 2 / 500).sum()
    assert chi2 < 85  # 49 degrees of freedom, p = 0.001


@given(rows=GROUPS, size=st.integers(1, 7), epoch=st.integers(0, 5), shuffle=st.booleans())
def test_blocks_hold_each_row_once_and_begin_where_the_last_ended(rows, size, epoch, shuffle):
    plan = EpochPlan(np.array(rows), size, philox_key("d") if shuffle else None, epoch)
    blocks = [plan.block(index) for index in range(len(plan))]
    assert sorted(unit for block in blocks for unit in block.units) == list(range(len(rows)))
    assert blocks[0].begin == 0
    for block, following in pairwise(blocks):
        assert len(block.units) == size
        assert following.begin == block.begin + len(block.order)
    for block in blocks:
        assert sorted(block.order.tolist()) == list(range(sum(rows[unit] for unit in block.units)))


@given(rows=GROUPS, size=st.integers(1, 7), data=st.data())
def test_the_block_of_a_position_is_found(rows, size, data):
    plan = EpochPlan(np.array(rows), size, philox_key("d"), 0)
    position = data.draw(st.integers(0, sum(rows) - 1))
    block = plan.block(plan.block_at(position))
    assert block.begin <= position < block.begin + len(block.order)


def test_without_a_key_the_order_is_the_stored_one():
    plan = EpochPlan(np.array([3, 2, 4]), 2, None, 5)
    assert [plan.block(i).units.tolist() for i in range(len(plan))] == [[0, 1], [2]]
    assert [plan.block(i).order.tolist() for i in range(len(plan))] == [[0, 1, 2, 3, 4], [0, 1, 2, 3]]
