import dataclasses

import pyarrow as pa
import pytest

from seqmill.errors import InputError
from seqmill.shards.schema import BASE, Column, Encoding, arrow_schema


def test_every_shard_begins_with_the_base_columns(encoding):
    assert arrow_schema(encoding).names == [
        "example_id", "sample", "contig", "start", "end", "split", "weight",
        "copies", "allele", "bits", "pileup",
    ]  # fmt: skip
    assert encoding.all_columns[: len(BASE)] == BASE


def test_kinds_have_their_arrow_types_and_no_column_is_nullable(encoding):
    schema = arrow_schema(encoding)
    assert [(field.name, field.type) for field in schema] == [
        ("example_id", pa.uint64()),
        ("sample", pa.string()),
        ("contig", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("split", pa.string()),
        ("weight", pa.float32()),
        ("copies", pa.int8()),
        ("allele", pa.string()),
        ("bits", pa.binary(6)),
        ("pileup", pa.large_binary()),
    ]
    assert not any(field.nullable for field in schema)


@pytest.mark.parametrize(
    ("kind", "widths"),
    [
        ("list", {}),
        ("binary", {}),
        ("fixed", {"max_bytes": 3}),
        ("int8", {"size": 1}),
        ("binary", {"max_bytes": 3, "size": 3}),
    ],
)
def test_a_column_without_its_width_or_with_an_unknown_kind_is_refused(kind, widths):
    with pytest.raises(ValueError, match="column x"):
        Column("x", kind, **widths)


def test_an_encoding_survives_the_way_through_json(encoding):
    assert Encoding.from_dict(encoding.to_dict()) == encoding
    assert Encoding.from_dict(encoding.to_dict()).digest == encoding.digest


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"version": 2}, "version: 2 found, 1 wanted"),
        ({"options": {"width": 41}}, "options.width: 41 found, 40 wanted"),
        ({"options": {"width": 40, "rows": 3}}, "options.rows: 3 found, 'nothing' wanted"),
        ({"application": "other"}, "application: 'other' found, 'toy' wanted"),
    ],
)
def test_another_encoding_has_another_digest_and_says_what_differs(encoding, changes, difference):
    other = dataclasses.replace(encoding, **changes)
    assert other.digest != encoding.digest
    assert encoding.differences(other) == [difference]


def test_a_column_of_another_kind_is_a_difference(encoding):
    columns = (Column("copies", "int32", label=True), *encoding.columns[1:])
    (difference,) = encoding.differences(dataclasses.replace(encoding, columns=columns))
    assert difference == "columns.copies.kind: 'int32' found, 'int8' wanted"


def test_equal_encodings_do_not_differ(encoding):
    assert encoding.differences(dataclasses.replace(encoding, options={"width": 40})) == []


def test_another_schema_version_is_refused(encoding):
    with pytest.raises(InputError, match="schema version 99 found, 1 wanted"):
        Encoding.from_dict({**encoding.to_dict(), "schema_version": 99})


def test_the_features_of_tables_belong_to_the_encoding(encoding):
    block = {"size": 2, "dtype": "float32", "features": "ab"}
    with_tables = dataclasses.replace(encoding, tables={"profiles": {"expression": block}})
    assert "tables" not in encoding.to_dict()
    assert with_tables.digest != encoding.digest
    assert Encoding.from_dict(with_tables.to_dict()) == with_tables
    other = dataclasses.replace(encoding, tables={"profiles": {"expression": block | {"features": "cd"}}})
    assert with_tables.differences(other) == ["profiles.expression.features: 'cd' found, 'ab' wanted"]
