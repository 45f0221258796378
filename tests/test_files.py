"""Files are whole or absent, and what is in them is checked."""

import errno
import json

import pytest

from seqmill.errors import InputError
from seqmill.files import (
    atomic_path,
    digest_json,
    read_json,
    remove_parts,
    sha256_file,
    write_json,
    write_tsv,
)


def test_a_file_appears_when_its_block_ends_well(tmp_path):
    target = tmp_path / "made" / "calls.vcf.gz"
    with atomic_path(target) as aside:
        assert aside.parent == target.parent and aside.name.endswith(".vcf.gz")
        aside.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_an_error_leaves_what_was_there(tmp_path):
    target = tmp_path / "report.json"
    target.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(target) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_full_disk_is_blamed_on_the_file_that_was_asked_for(tmp_path):
    with pytest.raises(OSError) as caught, atomic_path(tmp_path / "calls.vcf"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(tmp_path / "calls.vcf")


def test_a_folder_is_no_file_to_write(tmp_path):
    with pytest.raises(InputError, match="found a folder"), atomic_path(tmp_path):
        pass


def test_what_a_killed_process_left_half_written_is_removed_and_nothing_else(tmp_path):
    with atomic_path(tmp_path / "whole.txt") as aside:
        aside.write_text("whole")
    (tmp_path / ".7.part.other.txt").write_text("ha")
    remove_parts(tmp_path)
    remove_parts(tmp_path / "no folder")
    assert [path.name for path in tmp_path.iterdir()] == ["whole.txt"]


def test_json_is_written_sorted_and_refuses_what_json_lacks(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"b": 1, "a": [2.5, None]})
    assert path.read_text().index('"a"') < path.read_text().index('"b"')
    assert read_json(path, "a", "b") == {"b": 1, "a": [2.5, None]}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path)["b"] == 1


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        ("", (), "whole JSON wanted"),
        ('{"a": 1', (), "whole JSON wanted"),
        ('{"a": 1}', ("a", "b"), "key 'b' is missing"),
        ("[1]", ("a",), "key 'a' is missing"),
    ],
)
def test_what_is_no_json_or_lacks_a_key_is_named(tmp_path, text, keys, message):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"plan\.json: {message}"):
        read_json(path, *keys)


def test_a_table_has_its_comments_before_its_rows(tmp_path):
    path = tmp_path / "made" / "t.tsv"
    write_tsv(path, [("id", "n"), ("a", 1), ("b", 0.1)], comments=["#one", "#two"])
    assert path.read_text() == "#one\n#two\nid\tn\na\t1\nb\t0.1\n"
    write_tsv(path, [])
    assert path.read_text() == ""


def test_digests_are_those_of_the_bytes_and_of_the_content(tmp_path):
    (tmp_path / "empty").touch()
    assert sha256_file(tmp_path / "empty").startswith("e3b0c44298fc1c14")
    assert digest_json({"a": 1, "b": 2}) == digest_json(json.loads('{"b": 2, "a": 1}'))
    assert digest_json({"a": 1}) != digest_json({"a": 2})
