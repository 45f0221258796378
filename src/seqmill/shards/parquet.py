"""How every Parquet file of the package is written, and read back with a clear error."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seqmill.errors import InputError, SeqmillError
from seqmill.privacy.encryption import decryption, encryption
from seqmill.privacy.keys import find_key
from seqmill.shards.schema import Encoding, arrow_schema

PREFIX = "seqmill."
"""Prefix of the package's keys in a file's key-value metadata."""


def open_writer(
    path: Path, encoding: Encoding, *, passing: bool = False, encrypted: bool = False
) -> pq.ParquetWriter:
    """Open a Parquet file for the rows of an encoding.

    zstd level 1, or lz4 for a file that is only `passing`, which is written and read once, and for packed
    bases, whose bits are too many for zstd to save any; dictionary and statistics for all columns but
    payloads, where they only cost; checksums on pages, so that a flipped byte is found when it is read. With
    `encrypted`, all of it is encrypted under the key that the environment names.
    """
    quick = {column.name for column in encoding.all_columns if passing or column.kind == "bases"}
    described = [column.name for column in encoding.all_columns if not column.is_payload]
    return pq.ParquetWriter(
        path,
        arrow_schema(encoding),
        compression={
            column.name: "lz4" if column.name in quick else "zstd" for column in encoding.all_columns
        },
        compression_level={column.name: 1 for column in encoding.all_columns if column.name not in quick},
        use_dictionary=described,
        write_statistics=described,
        write_page_checksum=True,
        version="2.6",
        encryption_properties=encryption(find_key()) if encrypted else None,
    )


def add_metadata(writer: pq.ParquetWriter, metadata: Mapping[str, str]) -> None:
    """Put key-value metadata into the footer, under the package's prefix."""
    writer.add_key_value_metadata({PREFIX + key: metadata[key] for key in sorted(metadata)})


def open_file(path: str | os.PathLike[str], metadata: pq.FileMetaData | None = None) -> pq.ParquetFile:
    """Open a Parquet file that checks its pages when read; `metadata` of an encrypted one know its key.

    Raises
    ------
    InputError
        When the file is missing or no whole Parquet file, or encrypted under a key that is not given.
    """
    key = decryption(path) if metadata is None else None
    try:
        return pq.ParquetFile(
            path, metadata=metadata, decryption_properties=key, page_checksum_verification=True
        )
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; build it again with the workflow") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{path}: a whole Parquet file wanted, but it cannot be read ({first_line(error)}); "
            "remove it and build it again"
        ) from error


def read_metadata(file: pq.ParquetFile) -> dict[str, str]:
    """Give the package's key-value metadata of an open file, without the prefix."""
    found = file.metadata.metadata or {}
    pairs = ((key.decode(), value.decode()) for key, value in found.items())
    return {key.removeprefix(PREFIX): value for key, value in pairs if key.startswith(PREFIX)}


@contextmanager
def clear_write_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn a failed write, such as on a full disk, into one clear message that names `path`."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else first_line(error)
        raise SeqmillError(
            f"{path}: cannot be written ({reason}); nothing was left in its place. "
            "Make room or choose another folder, then run the same command again"
        ) from error


def first_line(error: Exception) -> str:
    """Give the first line of an error's message."""
    return str(error).strip().partition("\n")[0]
