"""Encrypted Parquet: nothing in its bytes, nothing without the key."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.errors import InputError
from seqmill.privacy.encryption import decryption, encryption, is_encrypted
from seqmill.privacy.keys import VARIABLE
from tests.privacy.conftest import OTHER, SECRET

TABLE = pa.table({"MaryMajor": ["MRN-4471902"] * 50, "dosage": pa.array(range(50), pa.int8())})


@pytest.fixture
def file(tmp_path, key):
    path = tmp_path / "table.parquet"
    table = TABLE.replace_schema_metadata({"hospital": "Mercy"})
    pq.write_table(table, path, compression="none", encryption_properties=encryption(key))
    return path


def test_what_is_written_is_read_back(file, given):
    assert is_encrypted(file)
    assert pq.read_table(file, decryption_properties=decryption(file)).equals(TABLE)


def test_neither_names_nor_values_nor_keys_are_in_the_bytes(file, key, tmp_path):
    plain = tmp_path / "plain.parquet"
    pq.write_table(TABLE.replace_schema_metadata({"hospital": "Mercy"}), plain, compression="none")
    for word in (b"MaryMajor", b"MRN-4471902", b"Mercy", b"dosage"):
        assert word in plain.read_bytes() and word not in file.read_bytes()
    for secret in (bytes.fromhex(SECRET), SECRET.encode(), key.derived("encryption")):
        assert secret not in file.read_bytes()


def test_each_file_has_a_key_of_its_own(file, key, tmp_path):
    again = tmp_path / "again.parquet"
    table = TABLE.replace_schema_metadata({"hospital": "Mercy"})
    pq.write_table(table, again, compression="none", encryption_properties=encryption(key))
    assert again.read_bytes() != file.read_bytes()


def test_without_a_key_the_file_is_named_and_the_next_step(file, no_key):
    with pytest.raises(InputError) as caught:
        decryption(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: it is encrypted") and VARIABLE in message


def test_with_another_key_both_are_named_and_no_secret(file, given, key):
    given.setenv(VARIABLE, OTHER)
    with pytest.raises(InputError) as caught:
        pq.read_table(file, decryption_properties=decryption(file))
    message = str(caught.value)
    assert message.startswith(f"{file}: encrypted under key {key.name}")
    assert SECRET not in message and OTHER not in message


def test_a_plain_file_needs_no_key(tmp_path, no_key):
    pq.write_table(TABLE, tmp_path / "plain.parquet")
    assert decryption(tmp_path / "plain.parquet") is None
    assert not is_encrypted(tmp_path / "none.parquet")
