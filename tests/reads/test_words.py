"""Words against numpy, aligned or not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.reads.words import int32_at, int64_at


@given(st.binary(min_size=8, max_size=40), st.data())
def test_words_equal_numpy(content: bytes, data: st.DataObject) -> None:
    buffer = np.frombuffer(content, np.uint8).copy()
    at = data.draw(st.integers(0, len(content) - 8))
    assert int32_at(buffer, at) == int.from_bytes(content[at : at + 4], "little", signed=True)
    assert int64_at(buffer, at) == int.from_bytes(content[at : at + 8], "little", signed=True)
