import numpy as np
import pytest

from seqmill.shards.ring import Pool, Ring
from seqmill.shards.schema import Column

COLUMNS = (Column("number", "int32"), Column("bytes", "binary", max_bytes=6), Column("name", "string"))


def test_arrays_have_the_shapes_and_types_of_a_batch():
    batch = Ring(2).take(COLUMNS, 5)
    found = {name: (array.shape, array.dtype) for name, array in batch.items()}
    assert found == {"number": ((5,), np.int32), "bytes": ((5, 6), np.uint8), "name": ((5,), object)}


def test_batches_come_in_turn():
    ring = Ring(3)
    taken = [ring.take(COLUMNS, 4)["bytes"] for _ in range(6)]
    shared = [[np.shares_memory(one, other) for other in taken] for one in taken]
    assert shared == [[(i - j) % 3 == 0 for j in range(6)] for i in range(6)]


def test_a_smaller_batch_uses_the_same_memory_and_a_larger_one_gets_new():
    ring = Ring(2)
    first = ring.take(COLUMNS, 4)["bytes"]
    ring.take(COLUMNS, 4)
    smaller = ring.take(COLUMNS, 3)["bytes"]
    assert smaller.shape == (3, 6) and np.shares_memory(first, smaller)
    ring.take(COLUMNS, 4)
    assert not np.shares_memory(first, ring.take(COLUMNS, 5)["bytes"])


def test_other_columns_get_arrays_of_their_own():
    ring = Ring(2)
    first = ring.take(COLUMNS, 4)["bytes"]
    ring.take(COLUMNS, 4)
    assert ring.take((Column("bytes", "fixed", size=7),), 4)["bytes"].shape == (4, 7)
    assert first.shape == (4, 6)


def test_a_held_batch_is_waited_for_once_and_before_it_is_given_again():
    ring, waited = Ring(2), []
    ring.take(COLUMNS, 1)
    ring.hold(lambda: waited.append("first"))
    ring.take(COLUMNS, 1)
    assert waited == []
    ring.take(COLUMNS, 1)
    assert waited == ["first"]
    ring.take(COLUMNS, 1)
    ring.take(COLUMNS, 1)
    assert waited == ["first"]


def test_memory_comes_from_where_it_is_asked_for():
    made = []

    def allocate(shape, dtype):
        made.append((shape, np.dtype(dtype).name))
        return np.empty(shape, dtype)

    ring = Ring(2, allocate)
    for _ in range(6):
        ring.take(COLUMNS, 4)
    assert made == [((4,), "int32"), ((4, 6), "uint8"), ((4,), "object")] * 2


def test_a_ring_of_one_is_refused():
    with pytest.raises(ValueError, match="at least 2"):
        Ring(1)


def test_a_pool_gives_memory_again_only_when_nobody_holds_it():
    pool = Pool()
    held = [pool.take(COLUMNS, 4)["bytes"][1:] for _ in range(6)]
    assert not any(np.shares_memory(one, two) for i, one in enumerate(held) for two in held[:i])
    address = held[5].ctypes.data
    del held[5]
    again = [pool.take(COLUMNS, 3)["bytes"] for _ in range(2)]
    assert again[0].ctypes.data == address - 6 and again[0].shape == (3, 6)
    assert not np.shares_memory(again[0], again[1])


def test_a_pool_gives_arrays_for_other_columns_and_larger_batches():
    pool = Pool()
    pool.take(COLUMNS, 4)
    assert pool.take(COLUMNS, 9)["number"].shape == (9,)
    assert pool.take((Column("bytes", "fixed", size=7),), 4)["bytes"].shape == (4, 7)
