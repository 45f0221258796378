"""Read single row groups of a dataset's shards, from any thread."""

import threading
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest, Shard
from seqmill.shards.parquet import first_line, open_file, read_metadata


class RowGroups:
    """Row groups of a dataset; footers are read once and checked against the manifest.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    columns : sequence of str
        Columns to read.
    """

    def __init__(self, manifest: Manifest, columns: Sequence[str]) -> None:
        self._manifest = manifest
        self._columns = list(columns)
        self._footers: dict[str, pq.FileMetaData] = {}
        self._lock = threading.Lock()

    def read(self, shard: Shard, group: int, take: Callable[[pa.Table], None]) -> None:
        """Read one row group and hand it to `take`.

        Raises
        ------
        InputError
            When the shard is missing, another than the manifest lists, or damaged, which also is what a
            ValueError of `take` means.
        """
        path = self._manifest.shard_path(shard)
        with open_file(path, self._footer(shard)) as file:
            try:
                take(file.read_row_group(group, columns=self._columns, use_threads=False))
            except (pa.ArrowException, OSError, ValueError) as error:
                raise InputError(
                    f"{path}: row group {group} is damaged ({first_line(error)}); build the dataset again"
                ) from error

    def _footer(self, shard: Shard) -> pq.FileMetaData:
        with self._lock:
            if shard.name not in self._footers:
                path = self._manifest.shard_path(shard)
                with open_file(path) as file:
                    found = read_metadata(file).get("content", "nothing")
                    if found != shard.content:
                        raise InputError(
                            f"{path}: content {found} found, {shard.content} wanted by "
                            f"{self._manifest.path}; the shard was changed, build the dataset again"
                        )
                    self._footers[shard.name] = file.metadata
            return self._footers[shard.name]
