"""Features and ids out of Parquet and text, with each mistake named."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.errors import InputError
from seqmill.profiles.columns import cells_of, ids_of, numbers_of, read_columns, read_file, text_of
from seqmill.profiles.plan import BlockPlan, TextPlan
from seqmill.profiles.sources import TableOptions

TEXT = "id\ta\tb\nx\t1\t\ny\t-1\t2.5\n"


def read(path, *, dtype="float32", columns=""):
    return read_columns(BlockPlan(path=str(path), dtype=dtype), "id", TableOptions(columns=columns))


def written(tmp_path, text=TEXT, name="t.tsv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_empty_cells_are_missing(tmp_path):
    found = read(written(tmp_path))
    assert found.ids == ["x", "y"]
    assert found.block.features == ("a", "b")
    assert found.block.mask.tolist() == [[True, False], [True, True]]
    assert found.block.values[found.block.mask].tolist() == [1, -1, 2.5]


def test_parquet_and_commas_hold_the_same(tmp_path):
    plain = read(written(tmp_path))
    comma = read(written(tmp_path, TEXT.replace("\t", ","), "t.csv"))
    pq.write_table(pa.table({"id": ["x", "y"], "a": [1.0, -1.0], "b": [np.nan, 2.5]}), tmp_path / "t.parquet")
    for other in (comma, read(tmp_path / "t.parquet")):
        assert other.ids == plain.ids
        assert np.array_equal(other.block.mask, plain.block.mask)
        assert np.array_equal(other.block.values, plain.block.values)


def test_minus_one_is_a_missing_dosage_and_a_number_elsewhere(tmp_path):
    path = written(tmp_path, "id\ta\tb\nx\t1\t0\ny\t-1\t2\n")
    assert read(path).block.mask.all()
    found = read(path, dtype="int8").block
    assert found.values.dtype == np.int8
    assert found.mask.tolist() == [[True, True], [False, True]]


def test_columns_are_chosen_by_name(tmp_path):
    assert read(written(tmp_path), columns="^b$").block.features == ("b",)
    with pytest.raises(InputError, match="no column fits 'z'"):
        read(written(tmp_path), columns="z")


@pytest.mark.parametrize(
    ("text", "dtype", "words"),
    [
        ("id\ta\nx\t1\nx\t2\n", "float32", "'x' stands in 2 rows of 'id'"),
        ("id\ta\nx\t1\n\t2\n", "float32", "'id' is empty in row 2"),
        ("name\ta\nx\t1\n", "float32", "no column 'id'"),
        ("id\ta\nx\thigh\n", "float32", "column 'a' holds something else than numbers"),
        ("id\ta\nx\tinf\n", "float32", "'a', row 1: found inf"),
        ("id\ta\nx\t0.5\n", "int8", "'a', row 1: found 0.5, which is no int8"),
        ("id\ta\nx\t300\n", "uint8", "found 300, which is no uint8"),
        ("id\ta\nx\t1\ny\t\n", "uint8", "'a' is missing in row 2"),
    ],
)
def test_mistakes_name_file_place_and_value(tmp_path, text, dtype, words):
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=words) as raised:
        read(path, dtype=dtype)
    assert str(path) in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.parquet: a table with a header wanted"):
        read_file(str(tmp_path / "gone.parquet"))


def test_numbers_and_words_of_a_column(tmp_path):
    table = read_file(str(written(tmp_path)))
    assert np.array_equal(numbers_of(table, "b", path="t"), [np.nan, 2.5], equal_nan=True)
    assert text_of(table, "b", path="t") == ["", "2.5"]
    assert ids_of(table, "a", path="t") == ["1", "-1"]
    with pytest.raises(InputError, match="t: no column 'c'"):
        numbers_of(table, "c", path="t")


def test_files_of_a_pattern_follow_one_another_and_name_their_rows(tmp_path):
    written(tmp_path, "a\tb\n1\t2\n3\t4\n", "part_1.tsv")
    written(tmp_path, "b\ta\n2.5\t5\n", "part_2.tsv")
    plan = BlockPlan(path=str(tmp_path / "part_*.tsv"))
    found = read_columns(plan, "@row", TableOptions())
    assert found.ids == ["part_1:1", "part_1:2", "part_2:1"]
    assert found.block.features == ("a", "b")
    assert found.block.values.tolist() == [[1, 2], [3, 4], [5, 2.5]]
    table = read_file(plan.path)
    assert text_of(table, "@file", path=plan.path) == ["part_1", "part_1", "part_2"]


def test_files_of_a_pattern_have_the_same_columns(tmp_path):
    written(tmp_path, "id\ta\nx\t1\n", "part_1.tsv")
    written(tmp_path, "id\ta\tage\ny\t1\t2\n", "part_2.tsv")
    with pytest.raises(InputError, match=r"part_2\.tsv: column 'age' stands in some files"):
        read_file(str(tmp_path / "part_*.tsv"))


def test_text_by_name_may_stand_in_several_rows_and_files(tmp_path):
    first, second = tmp_path / "a.tsv", tmp_path / "b.tsv"
    first.write_text("drug\tsmiles\nx\tCC\nx\tCC\ny\tO\n")
    second.write_text("drug\tsmiles\ny\tO\nz\tN\n")
    plan = TextPlan(path=str(tmp_path / "*.tsv"), column="smiles")
    assert cells_of(plan, "drug", "smiles") == {"x": "CC", "y": "O", "z": "N"}
    second.write_text("drug\tsmiles\ny\tOO\n")
    with pytest.raises(InputError, match="'y' stands in several rows, whose 'smiles' is 'O' and 'OO'"):
        cells_of(plan, "drug", "smiles")
    second.write_text("drug\tsmiles\n\tOO\n")
    with pytest.raises(InputError, match="column 'drug' is empty in row 4"):
        cells_of(plan, "drug", "smiles")
