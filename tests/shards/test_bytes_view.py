from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.bytes_view import content_bytes, fixed_rows, fixed_view, ragged_view
from seqmill.shards.schema import Column

ROWS = st.lists(st.binary(max_size=5), max_size=20)


@given(rows=ROWS, data=st.data())
def test_ragged_rows_are_seen_through_slices(rows, data):
    begin = data.draw(st.integers(0, len(rows)))
    end = data.draw(st.integers(begin, len(rows)))
    offsets, found = ragged_view(pa.array(rows, pa.large_binary())[begin:end])
    seen = [found[a:b].tobytes() for a, b in pairwise(offsets)]
    assert seen == rows[begin:end]
    assert offsets.dtype == np.int64


def test_strings_are_seen_as_their_bytes():
    offsets, found = ragged_view(pa.array(["A", "", "GT"]))
    assert (offsets.tolist(), found.tobytes()) == ([0, 1, 1, 3], b"AGT")


@given(rows=st.lists(st.binary(min_size=3, max_size=3), max_size=9), data=st.data())
def test_fixed_rows_are_seen_through_slices(rows, data):
    begin = data.draw(st.integers(0, len(rows)))
    found = fixed_view(pa.array(rows, pa.binary(3))[begin:], 3)
    assert [row.tobytes() for row in found] == rows[begin:]


@given(rows=st.lists(st.binary(min_size=3, max_size=3), max_size=9))
def test_rows_of_bytes_become_an_array_of_them(rows):
    array = fixed_rows(np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 3))
    assert array.equals(pa.array(rows, pa.binary(3)))


def test_a_view_is_no_copy():
    array = pa.array([b"abc", b"def"], pa.large_binary())
    _, data = ragged_view(array)
    assert data.ctypes.data == array.buffers()[2].address
    assert not data.flags.writeable


@given(rows=ROWS, other=ROWS)
def test_content_is_equal_only_for_equal_rows(rows, other):
    column = Column("x", "binary", max_bytes=5)

    def content(values):
        return b"".join(content_bytes(pa.array([b"pad", *values], pa.large_binary())[1:], column))

    assert (content(rows) == content(other)) == (rows == other)


def test_content_of_numbers_is_their_bytes():
    values = np.array([1, -2, 3], np.int32)
    assert b"".join(content_bytes(pa.array(values), Column("x", "int32"))) == values.tobytes()
