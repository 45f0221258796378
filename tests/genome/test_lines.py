"""Lines of tables, and their problems all at once."""

import gzip
from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.lines import LineProblems, table_lines

TEXT = "# head\n\na\t1\r\ntrack x\nb\t2\n"


@pytest.mark.parametrize("packed", [False, True])
def test_headers_and_empty_lines_keep_the_numbers_right(tmp_path: Path, packed: bool):
    path = tmp_path / "t.tsv"
    path.write_bytes(gzip.compress(TEXT.encode(), mtime=0) if packed else TEXT.encode())
    assert list(table_lines(path)) == [(3, "a\t1"), (4, "track x"), (5, "b\t2")]
    assert list(table_lines(path, headers=("#", "track"))) == [(3, "a\t1"), (5, "b\t2")]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a\n", gzip.compress(b"a\n" * 9999, mtime=0)[:-12]])
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes):
    path = tmp_path / "t.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"t\.tsv: cannot be read to its end"):
        list(table_lines(path))


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.bed: there is no such file"):
        list(table_lines(tmp_path / "none.bed"))


def test_problems_come_all_at_once_and_many_are_counted():
    problems = LineProblems("x.bed")
    problems.close()
    for number in range(1, 31):
        problems.add(number, "found nothing, wanted something")
    with pytest.raises(ConfigErrors) as error:
        problems.close()
    text = str(error.value)
    assert "line 1: " in text and "line 20: " in text and "line 21: " not in text
    assert "and 10 more lines like these" in text
