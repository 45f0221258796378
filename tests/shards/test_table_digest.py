"""The digest is of values: how they are stored does not matter, what they are does."""

import pyarrow as pa
import pytest

from seqmill.shards.table_digest import table_digest

COLUMNS = {
    "n": pa.array([1, 2, None], pa.int32()),
    "x": pa.array([0.5, float("nan"), 2.0]),
    "s": pa.array(["a", "", None]),
    "b": pa.array([b"\0", b"", b"xy"]),
    "t": pa.array([True, None, False]),
}
TABLE = pa.table(COLUMNS)


def test_how_values_are_stored_does_not_matter():
    split = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1, 2)])
    texts = TABLE.set_column(2, "s", TABLE["s"].cast(pa.large_string()))
    coded = TABLE.set_column(2, "s", TABLE["s"].combine_chunks().dictionary_encode())
    told = TABLE.replace_schema_metadata({"a": "b"})
    assert {table_digest(table) for table in (split, texts, coded, told)} == {table_digest(TABLE)}


@pytest.mark.parametrize(
    "changed",
    [
        TABLE.rename_columns(["m", "x", "s", "b", "t"]),
        TABLE.select(["x", "n", "s", "b", "t"]),
        TABLE.slice(0, 2),
        TABLE.take([1, 0, 2]),
        TABLE.set_column(0, "n", TABLE["n"].cast(pa.int64())),
        TABLE.set_column(0, "n", pa.array([1, 2, 0], pa.int32())),
        TABLE.set_column(2, "s", pa.array(["", "a", None])),
        TABLE.set_column(2, "s", pa.array(["a", "", ""])),
        TABLE.set_column(4, "t", pa.array([True, False, False])),
    ],
)
def test_another_value_name_type_or_order_is_another_digest(changed):
    assert table_digest(changed) != table_digest(TABLE)
