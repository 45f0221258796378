import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.bases import pack_bases
from seqmill.shards.decode import RowBlock, empty_batch
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


def table(rows):
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@given(rows=st.lists(ROW, min_size=1, max_size=12), data=st.data())
def test_picked_rows_come_in_the_order_asked_for_padded_with_zeros(rows, data):
    picked = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=12)), np.int64)
    cut = data.draw(st.integers(0, len(rows)))
    block = RowBlock(COLUMNS, len(rows))
    block.add(pa.concat_tables([table(rows[:cut]), table(rows).slice(cut)]))
    batch = empty_batch(COLUMNS, len(picked))
    batch["bytes"][:] = 99
    cut = data.draw(st.integers(0, len(picked)))
    block.fill(batch, cut, picked[cut:])
    block.fill(batch, 0, picked[:cut])
    for place, i in enumerate(picked):
        assert batch["number"][place] == np.float32(rows[i]["number"])
        assert batch["name"][place] == rows[i]["name"]
        assert batch["bits"][place].tobytes() == rows[i]["bits"]
        assert batch["bytes"][place].tobytes() == rows[i]["bytes"].ljust(6, b"\0")


def few(count):
    return [{"number": 1.0, "name": str(i), "bits": b"ab", "bytes": bytes([i] * i)} for i in range(count)]


def test_rows_of_several_groups_follow_each_other_and_the_skipped():
    rows = few(6)
    block = RowBlock(COLUMNS, 9)
    block.add(table(rows[:2]))
    block.skip(3)
    block.add(table(rows[2:]))
    batch = empty_batch(COLUMNS, 6)
    block.fill(batch, 0, np.array([8, 0, 1, 5, 6, 7]))
    assert batch["name"].tolist() == ["5", "0", "1", "2", "3", "4"]
    assert batch["bytes"].sum(axis=1).tolist() == [25, 0, 1, 4, 9, 16]


def test_joined_blocks_hold_the_rows_of_all_after_the_parts_are_gone():
    rows = few(6)
    parts = [RowBlock(COLUMNS, 2), RowBlock(COLUMNS, 4)]
    parts[0].add(table(rows[:2]))
    parts[1].add(table(rows[2:]))
    whole = RowBlock.joined(parts)
    del parts
    batch = empty_batch(COLUMNS, 6)
    whole.fill(batch, 0, np.arange(6)[::-1])
    assert batch["name"].tolist() == ["5", "4", "3", "2", "1", "0"]
    assert batch["bytes"].sum(axis=1).tolist() == [25, 16, 9, 4, 1, 0]


@pytest.mark.parametrize("picked", [[-1], [2]])
def test_rows_that_were_not_added_are_refused(picked):
    block = RowBlock(COLUMNS, 4)
    block.add(table(few(2)))
    with pytest.raises(IndexError, match="block of 2"):
        block.fill(empty_batch(COLUMNS, 1), 0, np.array(picked))


def test_a_batch_is_never_written_past_its_end():
    column = Column("bytes", "binary", max_bytes=3)
    block = RowBlock((column,), 2)
    block.add(pa.table({"bytes": pa.array([b"abc", b"def"], pa.large_binary())}))
    with pytest.raises(IndexError, match="rows 0 to 2 wanted of a batch of 1"):
        block.fill(empty_batch((column,), 1), 0, np.array([0, 1]))


def test_a_row_longer_than_its_column_is_refused():
    block = RowBlock((Column("bytes", "binary", max_bytes=3),), 1)
    with pytest.raises(ValueError, match="longer than 3 bytes"):
        block.add(pa.table({"bytes": pa.array([b"abcd"], pa.large_binary())}))


def test_offsets_outside_the_bytes_are_refused():
    offsets = pa.py_buffer(np.array([0, 99, 2]))
    values = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 2, [None, offsets, pa.py_buffer(b"abc")])
    block = RowBlock((Column("bytes", "binary", max_bytes=200),), 2)
    with pytest.raises(ValueError, match="outside"):
        block.add(pa.table({"bytes": values}))


def test_bases_are_unpacked_into_the_batch():
    codes = np.random.default_rng(2).integers(0, 5, (9, 21), dtype=np.uint8)
    column = Column("codes", "bases", size=21)
    stored = [row.tobytes() for row in pack_bases(codes)]
    block = RowBlock((column,), 9)
    block.add(pa.table({"codes": pa.array(stored, column.arrow_type)}).slice(0, 4))
    block.add(pa.table({"codes": pa.array(stored, column.arrow_type)}).slice(4))
    batch = empty_batch((column,), 5)
    picked = np.array([8, 0, 3, 4, 4])
    block.fill(batch, 0, picked)
    assert np.array_equal(batch["codes"], codes[picked])
