"""bedMethyl as ENCODE and modkit write it."""

import pytest

from seqmill.applications.methylation.bedmethyl import Row, line_of, read_bedmethyl
from seqmill.errors import InputError


@pytest.mark.parametrize(
    "row", [Row("c", 7, -1, "6mA", 0.25, 12), Row("c", 0, 1, "5hmC", 1.0, 0), Row("c", 3, 1, "4mC", 0.0, 5)]
)
def test_a_line_comes_back(tmp_path, row):
    (tmp_path / "a.bed").write_text(f"{line_of(row)}\n")
    assert [Row(*found) for found in read_bedmethyl(tmp_path / "a.bed").itertuples(index=False)] == [row]


def test_modkit_is_read_and_unknown_marks_are_left_out(tmp_path):
    lines = [
        "c\t4\t5\tm\t8\t+\t4\t5\t255,0,0\t8 25.00 2 6 0 0 0 0 0",
        "c\t4\t5\th,CG,0\t8\t+\t4\t5\t255,0,0\t8\t50.00\t2\t6\t0\t0\t0\t0\t0",
        "c\t4\t5\t17596\t8\t+\t4\t5\t255,0,0\t8\t50.00",
    ]
    (tmp_path / "a.bed").write_text("\n".join(lines) + "\n")
    found = read_bedmethyl(tmp_path / "a.bed")
    assert found["mark"].tolist() == ["5mC", "5hmC"]
    assert found["level"].tolist() == [0.25, 0.5]


@pytest.mark.parametrize(
    "line", ["c\t4\t5", "c\tfour\t5\tm\t8\t+\t4\t5\t0\t8\t25", "c\t4\t5\tm\t8\t.\t4\t5\t0\t8\t2"]
)
def test_other_tables_are_refused(tmp_path, line):
    (tmp_path / "a.bed").write_text(f"{line}\n")
    with pytest.raises(InputError, match=r"a\.bed: line 1 is .*; wanted bedMethyl"):
        read_bedmethyl(tmp_path / "a.bed")


def test_a_table_without_a_known_mark_is_refused(tmp_path):
    (tmp_path / "a.bed").write_text("c\t4\t5\tCpG\t8\t+\t4\t5\t0\t8\t25\n")
    with pytest.raises(InputError, match="holds no line of a known mark"):
        read_bedmethyl(tmp_path / "a.bed")
