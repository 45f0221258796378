import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.shards import merge
from seqmill.shards.merge import merge_many, merge_sorted
from seqmill.shards.order import order_key


def in_order(rows, seed=7):
    keys = order_key(seed, np.array([row["example_id"] for row in rows], np.uint64))
    return [rows[i]["example_id"] for i in np.argsort(keys)]


def merged(tables):
    return [one for table in tables for one in table["example_id"].to_pylist()]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.integers(1, 9), at_once=st.integers(1, 300), data=st.data())
def test_rows_come_in_the_order_of_their_keys_however_divided(
    tmp_path_factory, rows, write_parts, parts, at_once, data
):
    rows = rows[:300]
    of = data.draw(st.lists(st.integers(0, parts - 1), min_size=len(rows), max_size=len(rows)))
    paths = write_parts(tmp_path_factory.mktemp("parts"), rows, of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge, "_ROWS_AT_ONCE", at_once)
        assert merged(merge_sorted(data.draw(st.permutations(paths)), 7)) == in_order(rows)


def test_many_files_are_merged_in_batches(tmp_path, rows, encoding, write_parts, monkeypatch):
    monkeypatch.setattr(merge, "_FILES_AT_ONCE", 3)
    paths = write_parts(tmp_path, rows, np.arange(len(rows)) % 11)
    tables = list(merge_many(paths, 7, encoding, tmp_path / "scratch"))
    assert merged(tables) == in_order(rows)
    assert len(list((tmp_path / "scratch").iterdir())) == 4 + 2


def test_memory_holds_a_few_rows_of_each_file(tmp_path, rows, write_parts, monkeypatch):
    monkeypatch.setattr(merge, "_ROWS_AT_ONCE", 16)
    paths = write_parts(tmp_path, rows, np.arange(len(rows)) % 4)
    assert max(table.num_rows for table in merge_sorted(paths, 7)) <= 4 * 16


def test_an_example_in_two_parts_is_named(tmp_path, rows, write_parts):
    paths = write_parts(tmp_path, [*rows[:9], rows[4]], [0] * 9 + [1])
    with pytest.raises(InputError, match=r"ada, c1:4\) occurs twice"):
        merged(merge_sorted(paths, 7))


def test_a_part_sorted_by_another_seed_is_named(tmp_path, rows, write_parts):
    (path,) = write_parts(tmp_path, rows, [0] * len(rows), seed=8)
    with pytest.raises(InputError, match=r"part-0.parquet: rows in the order of seed 7"):
        merged(merge_sorted([path], 7))


def test_a_damaged_part_is_named(tmp_path, rows, write_parts):
    (path,) = write_parts(tmp_path, rows, [0] * len(rows))
    content = bytearray(path.read_bytes())
    content[40] ^= 255
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"part-0.parquet: its rows cannot be read"):
        merged(merge_sorted([path], 7))


def test_empty_files_add_nothing(tmp_path, rows, to_batch, write_parts, encoding):
    from seqmill.shards.parts import PartWriter

    (path,) = write_parts(tmp_path, rows[:3], [0] * 3)
    with PartWriter(tmp_path / "empty.parquet", encoding, seed=7):
        pass
    tables = list(merge_sorted([tmp_path / "empty.parquet", path], 7))
    assert merged(tables) == in_order(rows[:3])
    assert all(isinstance(table, pa.Table) for table in tables)


def test_what_is_merged_on_the_way_is_encrypted_too(tmp_path, rows, write_parts, encoding, monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    monkeypatch.setattr("seqmill.shards.merge._FILES_AT_ONCE", 2)
    parts = write_parts(tmp_path, rows, [number % 3 for number in range(len(rows))])
    merged = list(merge_many(parts, 7, encoding, tmp_path / "merge", encrypted=True))
    assert sum(table.num_rows for table in merged) == len(rows)
    on_the_way = list((tmp_path / "merge").iterdir())
    assert on_the_way and all(run.read_bytes().startswith(b"PARE") for run in on_the_way)
