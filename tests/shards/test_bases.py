import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.bases import pack_bases, packed_bytes, unpack_bases


def test_the_layout_is_the_one_described():
    packed = pack_bases(np.array([[0, 1, 2, 3, 4, 1]], np.uint8))
    assert packed.tolist() == [[0b11100100, 0b00000100, 0b00010000]]


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(0, 4), size=st.integers(1, 70))
def test_unpacked_is_what_was_packed(seed, n, size):
    codes = np.random.default_rng(seed).integers(0, 5, (n, size), dtype=np.uint8)
    packed = pack_bases(codes)
    assert packed.shape == (n, packed_bytes(size))
    out = np.full((n, size), 99, np.uint8)
    for row in range(n):
        unpack_bases(packed[row], out[row])
    assert np.array_equal(out, codes)


def test_codes_that_are_none_are_refused():
    with pytest.raises(ValueError, match="code 5 found"):
        pack_bases(np.array([[5]], np.uint8))
