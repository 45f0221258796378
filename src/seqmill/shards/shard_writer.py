"""Write the rows of one split as numbered, digested shards."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seqmill.files import sha256_file
from seqmill.shards.bytes_view import content_bytes
from seqmill.shards.groups import GroupBuffer
from seqmill.shards.manifest import Shard
from seqmill.shards.parquet import add_metadata, open_writer
from seqmill.shards.schema import Encoding

_COUNTED = ("int8", "int32")


class SplitWriter:
    """Write rows, in the order they come, as ``SPLIT-00000.parquet``, ``SPLIT-00001.parquet`` and so on.

    Parameters
    ----------
    folder : Path
        Folder of the shards.
    split : str
        Split that all rows belong to.
    encoding : Encoding
        Encoding of the rows.
    rows_per_group, rows_per_shard : int
        Rows in a row group; most rows in a shard, rounded down to whole groups.
    metadata : mapping of str to str
        Key-value metadata of every shard.
    encrypted : bool
        Whether shards are encrypted.
    """

    def __init__(
        self,
        folder: Path,
        split: str,
        encoding: Encoding,
        *,
        rows_per_group: int,
        rows_per_shard: int,
        metadata: Mapping[str, str],
        encrypted: bool = False,
    ) -> None:
        self._folder = folder
        self._split = split
        self._encoding = encoding
        self._metadata = metadata
        self._encrypted = encrypted
        self._buffer = GroupBuffer(rows_per_group)
        self._groups_per_shard = max(1, rows_per_shard // rows_per_group)
        self._shards: list[Shard] = []
        self._open: _OpenShard | None = None

    def add(self, table: pa.Table) -> None:
        """Write rows as far as they fill row groups."""
        for group in self._buffer.add(table):
            self._write(group)

    def finish(self) -> list[Shard]:
        """Write what is left and describe the shards."""
        for group in self._buffer.rest():
            self._write(group)
        self._close()
        return self._shards

    def abandon(self) -> None:
        """Let go of the open file after an error."""
        if self._open is not None:
            with suppress(OSError):
                self._open.writer.close()

    def _write(self, group: pa.Table) -> None:
        if self._open is None:
            name = f"{self._split}-{len(self._shards):05d}.parquet"
            self._open = _OpenShard(
                self._folder / name, self._split, self._encoding, encrypted=self._encrypted
            )
        self._open.write(group)
        if len(self._open.row_groups) == self._groups_per_shard:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._shards.append(self._open.finish(self._metadata))
            self._open = None


class _OpenShard:
    """A shard being written: counts labels and digests content as the rows go by."""

    def __init__(self, path: Path, split: str, encoding: Encoding, *, encrypted: bool) -> None:
        self.writer = open_writer(path, encoding, encrypted=encrypted)
        self.row_groups: list[int] = []
        self._path = path
        self._split = split
        self._columns = encoding.all_columns
        self._content = hashlib.sha256()
        self._labels = {
            column.name: Counter[int]()
            for column in self._columns
            if column.label and column.kind in _COUNTED
        }

    def write(self, group: pa.Table) -> None:
        self.writer.write_table(group, row_group_size=group.num_rows)
        self.row_groups.append(group.num_rows)
        for column in self._columns:
            for chunk in group[column.name].chunks:
                for part in content_bytes(chunk, column):
                    self._content.update(part)
        for name, counts in self._labels.items():
            for found in pc.value_counts(group[name]).to_pylist():
                counts[found["values"]] += found["counts"]

    def finish(self, metadata: Mapping[str, str]) -> Shard:
        labels = {
            name: {str(value): counts[value] for value in sorted(counts)}
            for name, counts in self._labels.items()
        }
        add_metadata(
            self.writer,
            {
                **metadata,
                "content": self._content.hexdigest(),
                "label_counts": json.dumps(labels, sort_keys=True),
                "split": self._split,
            },
        )
        self.writer.close()
        return Shard(
            name=self._path.name,
            split=self._split,
            row_groups=tuple(self.row_groups),
            bytes=self._path.stat().st_size,
            sha256=sha256_file(self._path),
            content=self._content.hexdigest(),
            labels=labels,
        )
