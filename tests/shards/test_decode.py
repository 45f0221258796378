import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.decode import ByteStore, RowBlock, empty_batch
from seqmill.shards.schema import Column

COLUMNS = (
    Column("number", "float32"),
    Column("name", "string"),
    Column("bits", "fixed", size=2),
    Column("bytes", "binary", max_bytes=6),
)
SCHEMA = pa.schema([(column.name, column.arrow_type) for column in COLUMNS])
ROW = st.fixed_dictionaries(
    {
        "number": st.floats(width=32, allow_nan=False),
        "name": st.text(max_size=3),
        "bits": st.binary(min_size=2, max_size=2),
        "bytes": st.binary(max_size=6),
    }
)
STORES: dict[str, ByteStore] = {}


def table(rows):
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@given(rows=st.lists(ROW, max_size=12), data=st.data())
def test_kept_rows_come_in_their_places_padded_with_zeros(rows, data):
    places = data.draw(st.permutations(range(len(rows))))
    kept = [i for i in places if data.draw(st.booleans())]
    targets = np.full(len(rows), -1, np.int64)
    targets[kept] = np.arange(len(kept))
    cut = data.draw(st.integers(0, len(rows)))
    block = RowBlock(COLUMNS, len(kept), STORES)
    block.add(pa.concat_tables([table(rows[:cut]), table(rows).slice(cut)]), targets)
    batch = empty_batch(COLUMNS, len(kept))
    batch["bytes"][:] = 99
    cut = data.draw(st.integers(0, len(kept)))
    block.fill(batch, cut, cut, len(kept))
    block.fill(batch, 0, 0, cut)
    for place, i in enumerate(kept):
        assert batch["number"][place] == np.float32(rows[i]["number"])
        assert batch["name"][place] == rows[i]["name"]
        assert batch["bits"][place].tobytes() == rows[i]["bits"]
        assert batch["bytes"][place].tobytes() == rows[i]["bytes"].ljust(6, b"\0")


def test_rows_of_several_groups_join():
    rows = [{"number": 1.0, "name": str(i), "bits": b"ab", "bytes": bytes([i] * i)} for i in range(6)]
    block = RowBlock(COLUMNS, 6, {})
    block.add(table(rows[:2]), np.array([5, 0]))
    block.add(table(rows[2:]), np.array([1, 2, 3, 4]))
    batch = empty_batch(COLUMNS, 6)
    block.fill(batch, 0, 0, 6)
    assert batch["name"].tolist() == ["1", "2", "3", "4", "5", "0"]
    assert batch["bytes"].sum(axis=1).tolist() == [1, 4, 9, 16, 25, 0]


def test_a_store_keeps_what_was_appended_when_it_grows():
    store = ByteStore()
    first = store.append(np.full(5, 7, np.uint8))
    second = store.append(np.full(3 << 20, 8, np.uint8))
    assert (first, second) == (0, 5)
    assert store.data[:5].tolist() == [7] * 5
    assert (store.data[5 : 5 + (3 << 20)] == 8).all()
    grown = store.data.size
    store.clear()
    assert (store.append(np.zeros(2, np.uint8)), store.data.size) == (0, grown)


def test_a_row_longer_than_its_column_is_refused():
    column = Column("bytes", "binary", max_bytes=3)
    block = RowBlock((column,), 1, {})
    with pytest.raises(ValueError, match="longer than 3 bytes"):
        block.add(pa.table({"bytes": pa.array([b"abcd"], pa.large_binary())}), np.zeros(1, np.int64))
