"""The manifest: what a dataset consists of, and the digest that names its content."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from seqmill.errors import InputError, nearest
from seqmill.files import digest_json, read_json, sha256_file, write_json
from seqmill.origin import KEY, Node, place
from seqmill.shards.schema import SCHEMA_VERSION, Encoding

VERIFY = ("sizes", "digests")


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One shard of a split.

    Attributes
    ----------
    name : str
        File name, beside the manifest.
    split : str
        Split of all its rows.
    row_groups : tuple of int
        Rows in each row group.
    bytes : int
        Size of the file.
    sha256 : str
        Digest of the file's bytes.
    content : str
        Digest of the rows' values, free of how Parquet wrote them.
    labels : mapping
        Label column -> value, as a string -> rows.
    """

    name: str
    split: str
    row_groups: tuple[int, ...]
    bytes: int
    sha256: str
    content: str
    labels: Mapping[str, Mapping[str, int]]

    @property
    def rows(self) -> int:
        """Rows in the shard."""
        return sum(self.row_groups)


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A table that rows of all splits point into; what it holds has its part in the reference's checksum.

    Attributes
    ----------
    table, name : str
        Name of the table, and of its file beside the manifest.
    bytes : int
        Size of the file.
    sha256 : str
        Digest of the file's bytes.
    """

    table: str
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A dataset of shards.

    Attributes
    ----------
    path : Path
        The manifest file.
    dataset : str
        Name of the dataset.
    encoding : Encoding
        Encoding of all shards.
    seed : int
        Seed of the stored order.
    splits : mapping
        Split -> the samples and contigs that belong to it.
    reference : mapping
        ``path`` and ``checksum`` of the reference.
    inputs : mapping
        Sample -> list of ``name`` and ``sha256`` of the files its reads came from.
    shards : tuple of Shard
        All shards, split by split, in stored order.
    context : mapping
        Facts later stages need and the content does not hang on: ``samples``, ``depths``.
    program_version : str
        Version of the program that wrote the dataset.
    lineage : mapping
        What the dataset was made of, as `seqmill.origin.Node.to_dict` gives it; empty when not told.
    folder : Path, optional
        Where the shards lie; beside the manifest unless given.
    tables : tuple of TableFile
        Files beside the manifest that rows point into.
    """

    path: Path
    dataset: str
    encoding: Encoding
    seed: int
    splits: Mapping[str, Any]
    reference: Mapping[str, str]
    inputs: Mapping[str, Any]
    shards: tuple[Shard, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    program_version: str
    lineage: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    tables: tuple[TableFile, ...] = ()

    @property
    def origin(self) -> Node:
        """The dataset with what it was made of, for the lineage of what is made of it."""
        found: dict[str, Any] = {
            "kind": "dataset",
            "name": self.dataset,
            "digest": self.digest,
            "of": "content",
            "path": place(self.path),
        }
        if self.lineage:
            return replace(Node.from_dict(self.lineage, source=self.path), **found)
        reads = [
            Node(kind="reads", name=one["name"], digest=one["sha256"], sample=sample)
            for sample, files in self.inputs.items()
            for one in files
        ]
        reference = Node(
            kind="reference",
            name=Path(self.reference["path"]).name,
            digest=self.reference["checksum"],
            of="bases",
            path=self.reference["path"],
        )
        return Node(**found, parents=(*reads, reference))

    @property
    def digest(self) -> str:
        """Digest of the content: encoding, reference and rows; not of names, paths, times or file bytes."""
        return digest_json(
            {
                "encoding": self.encoding.digest,
                "reference": self.reference["checksum"],
                "seed": self.seed,
                "shards": [[shard.split, list(shard.row_groups), shard.content] for shard in self.shards],
            }
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str], verify: str = "sizes") -> "Manifest":
        """Read a manifest and check its shards.

        Parameters
        ----------
        path : path
            The ``manifest.json``.
        verify : str
            ``sizes`` compares the sizes of the shards, ``digests`` also the digests of their bytes.

        Raises
        ------
        InputError
            When the manifest is missing or edited, or a shard is missing or was changed.
        """
        if verify not in VERIFY:
            raise ValueError(f"verify: '{verify}' is none of {', '.join(VERIFY)}")
        manifest = cls.read(path)
        manifest.verify(verify)
        return manifest

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Manifest":
        """Read a manifest as `load` does, whatever became of its shards."""
        path = Path(path)
        try:
            content = read_json(path)
            manifest = cls._from_dict(path, content)
        except OSError as error:
            raise InputError(
                f"{path}: a dataset manifest wanted, but it cannot be read ({error.strerror}); "
                "build the dataset first, or correct dataset.manifest"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path}: a dataset manifest wanted, but it is not whole ({error}); build the dataset again"
            ) from error
        if manifest.digest != content["digest"]:
            raise InputError(
                f"{path}: dataset digest {content['digest']} found, its shards give {manifest.digest}; "
                "the manifest was edited, build the dataset again"
            )
        return manifest

    def verify(self, level: str) -> None:
        """Check that all shards are as they were written, by ``sizes`` or by ``digests``."""
        files = [(self.shard_path(shard), shard) for shard in self.shards]
        for path, shard in [*files, *((self.path.parent / table.name, table) for table in self.tables)]:
            if not path.is_file():
                raise InputError(f"{path}: no such file, but {self.path} lists it; build the dataset again")
            found: Any = path.stat().st_size
            if found != shard.bytes:
                raise _changed(path, f"{found} bytes", f"{shard.bytes} bytes")
            if level == "digests" and (found := sha256_file(path)) != shard.sha256:
                raise _changed(path, f"sha256 {found}", shard.sha256)

    def shard_path(self, shard: Shard) -> Path:
        """Where a shard lies."""
        return (self.folder or self.path.parent) / shard.name

    def table_paths(self) -> dict[str, Path]:
        """Give the files that rows point into, by the name of the table."""
        return {table.table: self.path.parent / table.name for table in self.tables}

    def shards_of(self, split: str) -> tuple[Shard, ...]:
        """Give the shards of a split in stored order.

        Raises
        ------
        InputError
            When there is no such split.
        """
        found = tuple(shard for shard in self.shards if shard.split == split)
        if not found:
            raise InputError(
                f"{self.path}: no split '{split}'{nearest(split, self.splits)}; "
                f"it has: {', '.join(sorted(self.splits))}"
            )
        return found

    def rows(self, split: str) -> int:
        """Count the examples of a split."""
        return sum(shard.rows for shard in self.shards_of(split))

    def label_counts(self, split: str, column: str | None = None) -> dict[int, int]:
        """Count the examples of a split by label.

        Parameters
        ----------
        split : str
            Name of the split.
        column : str, optional
            Label column; the first one of the encoding unless given.

        Returns
        -------
        dict of int to int
            Value -> rows, by value; empty when the encoding has no such integer label.
        """
        counts: dict[int, int] = {}
        for shard in self.shards_of(split):
            name = column or next(iter(shard.labels), "")
            for value, rows in shard.labels.get(name, {}).items():
                counts[int(value)] = counts.get(int(value), 0) + rows
        return dict(sorted(counts.items()))

    def save(self) -> None:
        """Write the manifest to its path, atomically."""
        write_json(
            self.path,
            {
                "schema_version": SCHEMA_VERSION,
                "dataset": self.dataset,
                "digest": self.digest,
                "encoding": self.encoding.to_dict(),
                "encoding_digest": self.encoding.digest,
                "seed": self.seed,
                "splits": self.splits,
                "reference": dict(self.reference),
                "inputs": self.inputs,
                "shards": [{**asdict(shard), "rows": shard.rows} for shard in self.shards],
                "context": self.context,
                "program_version": self.program_version,
                **({KEY: self.lineage} if self.lineage else {}),
                **({"tables": [asdict(table) for table in self.tables]} if self.tables else {}),
            },
        )

    @classmethod
    def _from_dict(cls, path: Path, content: Mapping[str, Any]) -> "Manifest":
        shards = []
        for found in content["shards"]:
            facts = {key: value for key, value in found.items() if key != "rows"}
            shards.append(Shard(**facts | {"row_groups": tuple(facts["row_groups"])}))
        return cls(
            path=path,
            encoding=Encoding.from_dict(content["encoding"]),
            shards=tuple(shards),
            lineage=content.get(KEY, {}),
            tables=tuple(TableFile(**found) for found in content.get("tables", ())),
            **{
                key: content[key]
                for key in ("dataset", "seed", "splits", "reference", "inputs", "context", "program_version")
            },
        )


def _changed(path: Path, found: str, wanted: str) -> InputError:
    return InputError(
        f"{path}: {found} found, {wanted} wanted; the shard was changed after it was written, "
        "build the dataset again"
    )
