import errno

import pytest

from seqmill.errors import InputError, SeqmillError
from seqmill.shards.parquet import add_metadata, clear_write_errors, open_file, open_writer, read_metadata


def test_metadata_comes_back_without_its_prefix(tmp_path, encoding, rows, to_batch):
    with open_writer(tmp_path / "x.parquet", encoding) as writer:
        writer.write_batch(to_batch(rows))
        add_metadata(writer, {"b": "2", "a": "1"})
    with open_file(tmp_path / "x.parquet") as file:
        assert read_metadata(file) == {"a": "1", "b": "2"}
        assert file.schema_arrow.remove_metadata().equals(to_batch(rows).schema)


def test_a_flipped_byte_is_found_when_read(tmp_path, encoding, rows, to_batch):
    path = tmp_path / "x.parquet"
    with open_writer(path, encoding) as writer:
        writer.write_batch(to_batch(rows))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    with open_file(path) as file, pytest.raises(OSError, match="CRC"):
        file.read()


def test_a_file_cut_short_is_refused(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match=r"x\.parquet: a whole Parquet file wanted"):
        open_file(tmp_path / "x.parquet")


def test_a_failed_write_is_said_in_one_message():
    with (
        pytest.raises(SeqmillError, match=r"^out: cannot be written \(No space left on device\); nothing"),
        clear_write_errors("out"),
    ):
        raise OSError(errno.ENOSPC, "anything")
