"""Packed cells: any bytes come back, the layout is the one that is written down, no bytes lead astray."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.shards.cells import decoding_table, pack_cells, unpack_cells, unpacked_size


def pack(examples, cells, plain):
    """Pack arrays, one an example; give bytes for each."""
    content = np.concatenate([np.zeros(0, np.uint8), *(one.ravel() for one in examples)])
    at = np.cumsum([0, *(one.size for one in examples)])
    packed, packed_at = pack_cells(content, at, cells=cells, plain=plain)
    return [packed[begin:end] for begin, end in pairwise(packed_at)]


def unpack(packed, cells, plain):
    size = unpacked_size(packed, cells, plain)
    out = np.full(size + 3, 77, np.uint8)
    assert unpack_cells(packed, cells, plain, decoding_table(), out) == size
    assert (out[size:] == 77).all()
    return out[:size]


def test_the_layout_is_the_one_written_down():
    rows = np.array(
        [[9, 9, 8, 9, 9, 101, 102], [5, 5, 6, 7, 1, 103, 104], [5, 2, 6, 7, 5, 105, 106]], np.uint8
    )
    common = [5, 6, 7, 1]  # by how often, then by value: 1 and 2 once each
    codes = [0b10_01_00_00, 0b11, 0b10_01_00_00, 0b00]
    expected = [3, 0, *common, 9, 9, 8, 9, 9, 101, 103, 105, 102, 104, 106, *codes, 6, 2]
    (packed,) = pack([rows], 5, 2)
    assert packed.tolist() == expected
    assert np.array_equal(unpack(packed, 5, 2), rows.ravel())


def test_rare_cells_far_apart_are_found_again():
    rows = np.zeros((9, 300), np.uint8)
    rows[1:, :] = np.arange(300) % 4
    rows[1, 0], rows[1, 254], rows[2, 299], rows[8, 299] = 50, 51, 52, 53
    (packed,) = pack([rows], 300, 0)
    gaps = [0, 253, 255, 89, 255, 255, 255, 255, 255, 255, 255, 14]
    values = [50, 51, 0, 52, *[0] * 7, 53]
    assert packed[-24:].tolist() == gaps + values
    assert np.array_equal(unpack(packed, 300, 0), rows.ravel())


@settings(max_examples=60, deadline=None)
@given(data=st.data(), cells=st.integers(1, 23), plain=st.integers(0, 5))
def test_what_is_packed_comes_back(data, cells, plain):
    seed, kinds = data.draw(st.integers(0, 2**32)), data.draw(st.sampled_from([1, 3, 6, 256]))
    rng = np.random.default_rng(seed)
    examples = [
        rng.choice(rng.integers(0, 256, kinds), (rows, cells + plain)).astype(np.uint8)
        for rows in data.draw(st.lists(st.integers(0, 70), max_size=5))
    ]
    for one, packed in zip(examples, pack(examples, cells, plain), strict=True):
        assert packed.size <= one.size + 2
        assert np.array_equal(unpack(packed, cells, plain), one.ravel())


def test_bytes_that_are_no_lines_come_back():
    odd = np.arange(11, dtype=np.uint8)
    (packed,) = pack([odd], 4, 2)
    assert packed.tolist() == [0, 0, *range(11)]
    assert np.array_equal(unpack(packed, 4, 2), odd)


def test_equal_examples_give_equal_bytes_whatever_lies_around_them():
    rng = np.random.default_rng(1)
    one, other = (rng.choice([1, 2, 3, 4, 9], (12, 30)).astype(np.uint8) for _ in range(2))
    alone = pack([one], 28, 2)[0]
    assert all(
        np.array_equal(alone, found) for found in (pack([other, one], 28, 2)[1], pack([one, other], 28, 2)[0])
    )


@pytest.mark.parametrize("packed", [[], [1], [2, 0, 1, 2, 3], [1, 0, *[0] * 9], [1, 0, *[0] * 11]])
def test_an_example_cut_short_is_not_whole(packed):
    assert unpacked_size(np.array(packed, np.uint8), 4, 2) == (8 - 2 if len(packed) == 12 else -1)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(min_size=2, max_size=400), rows=st.integers(0, 20), cells=st.integers(1, 12))
def test_no_bytes_are_written_outside_an_example(content, rows, cells):
    packed = np.frombuffer(bytes([rows, 0]) + content[2:], np.uint8)
    size = unpacked_size(packed, cells, 3)
    if size >= 0:
        out = np.full(size + 300, 77, np.uint8)
        assert unpack_cells(packed, cells, 3, decoding_table(), out[:size]) == size
        assert (out[size:] == 77).all()
