"""Parts: the examples of one job, sorted, in one file that is whole or absent."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seqmill.errors import InputError
from seqmill.files import atomic_path, program_version
from seqmill.origin import KEY, Node
from seqmill.shards.decode import loaded_sizes
from seqmill.shards.groups import in_groups
from seqmill.shards.merge import merge_sorted
from seqmill.shards.order import order_key
from seqmill.shards.parquet import add_metadata, clear_write_errors, open_file, open_writer, read_metadata
from seqmill.shards.schema import Encoding, arrow_schema

ROWS_PER_GROUP = 512
"""Rows in a row group of a part: few, since a merge holds one group of every part."""

_SPILL_BYTES = 256 << 20


class PartWriter:
    """Write the examples of one job as a part, in the order of their keys.

    Use as a context manager. Rows may come in any order; above 256 MB they are spilled as sorted runs
    beside the part and merged at the end. The part appears when the block ends well; on any error
    nothing is left.

    Parameters
    ----------
    path : path
        The part to write, a ``.parquet`` file.
    encoding : Encoding
        Encoding of the rows.
    seed : int
        Seed of the dataset's order.
    metadata : mapping of str to str
        Facts about the job, such as the sample.
    encrypted : bool
        Whether the part, and what is spilled, is encrypted.

    Raises
    ------
    SeqmillError
        When the part cannot be written, such as on a full disk.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        encoding: Encoding,
        *,
        seed: int,
        metadata: Mapping[str, str] | None = None,
        encrypted: bool = False,
    ) -> None:
        self.path = Path(path)
        self.rows = 0
        self._encoding = encoding
        self._schema = arrow_schema(encoding)
        self._seed = seed
        self._encrypted = encrypted
        self._metadata = dict(metadata or {})
        self._report: dict[str, object] = {"counts": {}, "classes": {}}
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_bytes = 0
        self._runs: list[Path] = []
        self._stack = ExitStack()

    def __enter__(self) -> "PartWriter":
        self._stack.enter_context(clear_write_errors(self.path))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if error is None:
                self._finish()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows.

        Parameters
        ----------
        batch : pyarrow.RecordBatch
            Rows in the schema of the encoding, ``arrow_schema(encoding)``.

        Raises
        ------
        ValueError
            When the rows do not fit the encoding: another schema, a missing value, a payload too long.
        """
        _check(batch, self._encoding, self._schema)
        self.rows += batch.num_rows
        self._waiting.append(batch)
        self._waiting_bytes += batch.nbytes
        if self._waiting_bytes > _SPILL_BYTES:
            with clear_write_errors(self.path):
                self._spill()

    def describe(
        self, *, counts: Mapping[str, int], classes: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        """Set the label report of the job: counters by name, and examples by split and class."""
        self._report = {
            "counts": dict(counts),
            "classes": {split: dict(of_split) for split, of_split in (classes or {}).items()},
        }

    def _open(self, path: Path) -> pq.ParquetWriter:
        return open_writer(path, self._encoding, passing=True, encrypted=self._encrypted)

    def _sorted(self) -> pa.Table:
        table = pa.Table.from_batches(self._waiting, schema=self._schema)
        keys = order_key(self._seed, table["example_id"].to_numpy())
        return table.take(pa.array(np.argsort(keys, kind="stable")))

    def _spill(self) -> None:
        if not self._runs:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(prefix=f".{os.getpid()}.runs.", dir=self.path.parent)
            self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
            self._folder = Path(folder)
        run = self._folder / f"{len(self._runs)}.parquet"
        with self._open(run) as writer:
            writer.write_table(self._sorted(), row_group_size=ROWS_PER_GROUP)
        self._runs.append(run)
        self._waiting, self._waiting_bytes = [], 0

    def _finish(self) -> None:
        if self._runs:
            self._spill()
            tables: Iterable[pa.Table] = merge_sorted(self._runs, self._seed)
        else:
            tables = [self._sorted()]
        with atomic_path(self.path) as aside, self._open(aside) as writer:
            for group in in_groups(tables, ROWS_PER_GROUP):
                writer.write_table(group)
            add_metadata(
                writer,
                {
                    **self._metadata,
                    "encoding": json.dumps(self._encoding.to_dict(), sort_keys=True),
                    "labels": json.dumps(self._report, sort_keys=True),
                    "program_version": program_version(),
                    "seed": str(self._seed),
                },
            )


@dataclass(frozen=True)
class PartHeader:
    """What a part says about itself: its encoding, seed, rows, label report, and lineage if it has one."""

    encoding: Encoding
    seed: int
    rows: int
    counts: Mapping[str, int]
    classes: Mapping[str, Mapping[str, int]]
    lineage: Node | None = None


def read_header(path: str | os.PathLike[str]) -> PartHeader:
    """Read the header of a part.

    Raises
    ------
    InputError
        When the file is missing, unreadable or no part.
    """
    with open_file(path) as file:
        found = read_metadata(file)
        rows = file.metadata.num_rows
    if not {"encoding", "labels", "seed"} <= found.keys():
        raise InputError(f"{path}: a part written by `seqmill examples` wanted, another Parquet file found")
    report = json.loads(found["labels"])
    return PartHeader(
        encoding=Encoding.from_dict(json.loads(found["encoding"])),
        seed=int(found["seed"]),
        rows=rows,
        counts=report["counts"],
        classes=report["classes"],
        lineage=Node.from_dict(json.loads(found[KEY]), source=path) if KEY in found else None,
    )


def _check(batch: pa.RecordBatch, encoding: Encoding, schema: pa.Schema) -> None:
    if not batch.schema.equals(schema):
        raise ValueError(
            f"record batch of {encoding.application}: schema\n{batch.schema}\nfound,\n{schema}\nwanted"
        )
    for column in encoding.all_columns:
        values = batch[column.name]
        if values.null_count:
            raise ValueError(
                f"record batch of {encoding.application}: column {column.name} has missing values"
            )
        if column.max_bytes and len(values):
            longest = int(loaded_sizes(column, values).max())
            if longest > column.max_bytes:
                raise ValueError(
                    f"record batch of {encoding.application}: {longest} bytes in {column.name} found, "
                    f"at most {column.max_bytes} wanted"
                )
