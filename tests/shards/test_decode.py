import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.decode import empty_arrays, scatter
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


@given(rows=st.lists(ROW, max_size=12), cut=st.integers(0, 12), data=st.data())
def test_rows_go_to_their_targets_padded_with_zeros(rows, cut, data):
    places = data.draw(st.permutations(range(len(rows))))
    left_out = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    kept = [i for i in places if i not in left_out]
    targets = np.full(len(rows), -1, np.int64)
    targets[kept] = np.arange(len(kept))
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    chunked = pa.concat_tables([table.slice(0, cut), table.slice(cut)])
    arrays = empty_arrays(COLUMNS, len(kept))
    arrays["bytes"][:] = 99
    scatter(chunked, COLUMNS, targets, arrays)
    for place, i in enumerate(kept):
        assert arrays["number"][place] == np.float32(rows[i]["number"])
        assert arrays["name"][place] == rows[i]["name"]
        assert arrays["bits"][place].tobytes() == rows[i]["bits"]
        assert arrays["bytes"][place].tobytes() == rows[i]["bytes"].ljust(6, b"\0")


def test_a_row_longer_than_its_column_is_refused():
    column = Column("bytes", "binary", max_bytes=3)
    table = pa.table({"bytes": pa.array([b"abcd"], pa.large_binary())})
    with pytest.raises(ValueError, match="longer than 3 bytes"):
        scatter(table, (column,), np.zeros(1, np.int64), empty_arrays((column,), 1))
