"""What a shard holds: the columns of an encoding, their Arrow types and the digest of it all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from seqmill.errors import InputError
from seqmill.files import digest_json

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
"""Version of the layout that all shards share; a reader refuses another one."""

KINDS = ("int8", "int32", "uint64", "float32", "string", "binary", "fixed", "bases", "cells")


@dataclass(frozen=True)
class Column:
    """One column of a shard.

    Attributes
    ----------
    name : str
        Name of the column, and of its array in a batch.
    kind : str
        ``int8``, ``int32``, ``uint64``, ``float32``, ``string``, ``binary`` (ragged bytes, zero-padded to
        `max_bytes` when loaded), ``fixed`` (`size` bytes in each row), ``bases`` (`size` base codes in each
        row, stored as `seqmill.shards.bases.pack_bases` packs them) or ``cells`` (lines of `size` cells and
        `plain` bytes, loaded like ``binary``, stored as `seqmill.shards.cells.pack_cells` packs them).
    max_bytes : int
        Most bytes a row of a ``binary`` or ``cells`` column may hold when loaded.
    size : int
        Bytes in each row of a ``fixed`` column, codes of a ``bases`` column, cells in a line of a ``cells``
        column.
    plain : int
        Bytes behind the cells in a line of a ``cells`` column.
    label : bool
        Whether the column is a label; rows of integer labels are counted by value in the label report.

    Raises
    ------
    ValueError
        When the kind is unknown or lacks its width.
    """

    name: str
    kind: str
    max_bytes: int = field(default=0, kw_only=True)
    size: int = field(default=0, kw_only=True)
    plain: int = field(default=0, kw_only=True)
    label: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: kind '{self.kind}' is none of {', '.join(KINDS)}")
        ragged, sized = self.kind in ("binary", "cells"), self.kind in ("fixed", "bases", "cells")
        lined = self.kind == "cells"
        if (self.max_bytes > 0) != ragged or (self.size > 0) != sized or (self.plain and not lined):
            raise ValueError(
                f"column {self.name}: 'binary' takes max_bytes, 'fixed' and 'bases' take size, "
                "'cells' takes both and plain, no other does"
            )

    @property
    def is_payload(self) -> bool:
        """Whether the column holds opaque bytes."""
        return self.kind in ("binary", "fixed", "bases", "cells")

    @property
    def width(self) -> int:
        """Bytes of each row of a payload when loaded."""
        return self.max_bytes or self.size

    @property
    def stored_bytes(self) -> int:
        """Bytes in each stored row of a ``fixed`` or ``bases`` column, 0 for others."""
        from seqmill.shards.bases import packed_bytes  # here, since a configuration is checked without numba

        return packed_bytes(self.size) if self.kind == "bases" else self.size * (self.kind == "fixed")

    @property
    def arrow_type(self) -> "pa.DataType":
        """Arrow type of the column."""
        import pyarrow as pa  # here as well

        if self.kind in ("binary", "cells"):
            return pa.large_binary()
        if self.stored_bytes:
            return pa.binary(self.stored_bytes)
        return pa.type_for_alias(self.kind)


BASE = (
    Column("example_id", "uint64"),
    Column("sample", "string"),
    Column("contig", "string"),
    Column("start", "int32"),
    Column("end", "int32"),
    Column("split", "string"),
    Column("weight", "float32"),
)
"""Columns every shard begins with; `start` and `end` are 0-based half-open."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How an application writes its examples; models are bound to it by `digest`.

    Attributes
    ----------
    application : str
        Name of the application.
    version : int
        Version of the application's encoder.
    options : dict
        Everything that changes the meaning of the columns, as plain JSON values.
    columns : tuple of Column
        The columns after `BASE`: labels, then what the application adds, then the payload.
    tables : dict
        Table that rows point into -> block -> ``size``, ``dtype`` and the digest of its ``features``; empty
        where examples hold all that is learnt from.
    """

    application: str
    version: int
    options: Mapping[str, Any] = field(hash=False)
    columns: tuple[Column, ...]
    tables: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """All columns in stored order, `BASE` first."""
        return (*BASE, *self.columns)

    @property
    def numeric_columns(self) -> tuple[Column, ...]:
        """All columns but those of strings, in stored order: what becomes tensors."""
        return tuple(column for column in self.all_columns if column.kind != "string")

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the encoding's content."""
        return digest_json(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Give the encoding as plain JSON values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "application": self.application,
            "version": self.version,
            "options": dict(self.options),
            "columns": [_told(column) for column in self.columns],
            **({"tables": dict(self.tables)} if self.tables else {}),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Encoding":
        """Build an encoding from `to_dict`.

        Raises
        ------
        InputError
            When it was written in another schema version.
        """
        if content["schema_version"] != SCHEMA_VERSION:
            raise InputError(
                f"encoding of {content['application']}: schema version {content['schema_version']} found, "
                f"{SCHEMA_VERSION} wanted; build the dataset again with this program"
            )
        return cls(
            application=content["application"],
            version=content["version"],
            options=content["options"],
            columns=tuple(Column(**column) for column in content["columns"]),
            tables=content.get("tables", {}),
        )

    def differences(self, other: "Encoding") -> list[str]:
        """Say in which facts `other` differs, one sentence for each; empty when their digests are equal."""
        mine, theirs = _flat(self.to_dict()), _flat(other.to_dict())
        return [
            f"{key}: {theirs.get(key, 'nothing')!r} found, {mine.get(key, 'nothing')!r} wanted"
            for key in sorted({*mine, *theirs})
            if mine.get(key) != theirs.get(key)
        ]


def arrow_schema(encoding: Encoding) -> "pa.Schema":
    """Give the Arrow schema of an encoding's record batches; no column is nullable."""
    import pyarrow as pa

    return pa.schema(
        pa.field(column.name, column.arrow_type, nullable=False) for column in encoding.all_columns
    )


def _told(column: Column) -> dict[str, Any]:
    """Give a column as plain JSON values; `plain`, which only one kind has, is left out of others."""
    return {key: value for key, value in asdict(column).items() if key != "plain" or value}


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    flat = {key: value for key, value in content.items() if key not in ("options", "columns", "tables")}
    flat |= {f"options.{key}": value for key, value in content["options"].items()}
    for table, blocks in content.get("tables", {}).items():
        for block, facts in blocks.items():
            flat |= {f"{table}.{block}.{key}": value for key, value in facts.items()}
    for column in content["columns"]:
        flat |= {f"columns.{column['name']}.{key}": value for key, value in column.items() if key != "name"}
    return flat
