"""A table of profiles or molecules: in memory, and as Parquet."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from seqmill.errors import InputError, nearest
from seqmill.files import atomic_path, digest_json
from seqmill.privacy.encryption import decryption, encryption
from seqmill.privacy.keys import find_key

ID = "id"
_FEATURES, _VOCABULARIES = b"seqmill.features", b"seqmill.vocabularies"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """Features of one kind.

    Attributes
    ----------
    features : tuple of str
        Names of the F features.
    values : float32, int8 or uint8 array, shape (n, F)
        What stands where the mask is False has no meaning.
    mask : bool array, shape (n, F)
        Whether a value is there.
    vocabulary : tuple of str
        Tokens that the values number from 1, uint8, with 0 for none; empty where values are quantities.
    """

    features: tuple[str, ...]
    values: npt.NDArray[Any]
    mask: Mask
    vocabulary: tuple[str, ...] = ()

    def subset(self, rows: npt.NDArray[Any]) -> "Block":
        """Give some rows, by number or bool, in the order given."""
        return replace(self, values=self.values[rows], mask=self.mask[rows])

    @property
    def layout(self) -> dict[str, Any]:
        """Number and type of the features, and the digest of their names: what a model is bound to.

        For tokens also how many there are, and their digest.
        """
        told = {
            "size": len(self.features),
            "dtype": str(self.values.dtype),
            "features": digest_json(list(self.features)),
        }
        if self.vocabulary:
            told |= {"tokens": len(self.vocabulary), "vocabulary": digest_json(list(self.vocabulary))}
        return told


class Found(NamedTuple):
    """A block as its source gives it.

    Attributes
    ----------
    ids : list of str
        Names of the rows.
    block : Block
        Their features.
    report : dict, optional
        What is to be told of how it was made; written beside the table.
    dropped : mapping
        Reason -> rows left out or cut.
    """

    ids: list[str]
    block: Block
    report: dict[str, Any] | None = None
    dropped: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Table:
    """One row for each person, cell line or molecule.

    Attributes
    ----------
    ids : tuple of str
        Names of the n rows, sorted.
    blocks : dict
        Name -> `Block` of n rows.
    texts : dict
        Name -> n words; an empty one is missing.
    """

    ids: tuple[str, ...]
    blocks: Mapping[str, Block]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def block(self, name: str, *, where: object) -> Block:
        """Give a block by name.

        Parameters
        ----------
        name : str
        where : object
            The file, for the message.

        Raises
        ------
        InputError
            When there is no such block.
        """
        if name not in self.blocks:
            raise InputError(
                f"{where}: no block '{name}'{nearest(name, self.blocks)}; it has {', '.join(self.blocks)}"
            )
        return self.blocks[name]

    @property
    def layout(self) -> dict[str, dict[str, Any]]:
        """The layout of each block."""
        return {name: block.layout for name, block in self.blocks.items()}

    @property
    def digest(self) -> str:
        """Digest of the content; what stands in place of missing values does not count."""
        digest = hashlib.sha256()
        told = [list(self.ids), self.layout, {name: list(words) for name, words in self.texts.items()}]
        digest.update(digest_json(told).encode())
        for name in sorted(self.blocks):
            block = self.blocks[name]
            digest.update(np.packbits(block.mask).tobytes())
            digest.update(np.where(block.mask, block.values, 0).astype(block.values.dtype).tobytes())
        return digest.hexdigest()


def write_table(path: str | os.PathLike[str], table: Table, *, encrypted: bool = False) -> None:
    """Write a table as Parquet, atomically.

    Columns are ``id``, the words, and for each block a list of fixed size in which a missing value is null.
    The names of the features stand in the metadata under ``seqmill.features``, as JSON by block, and tokens
    under ``seqmill.vocabularies``.
    """
    columns: dict[str, pa.Array] = {ID: pa.array(table.ids, pa.string())}
    columns |= {name: pa.array(words, pa.string()) for name, words in table.texts.items()}
    for name, block in table.blocks.items():
        flat = pa.array(block.values.ravel(), mask=~block.mask.ravel())
        columns[name] = pa.FixedSizeListArray.from_arrays(flat, len(block.features))
    tokens = {name: block.vocabulary for name, block in table.blocks.items() if block.vocabulary}
    told = {
        _FEATURES: json.dumps({name: block.features for name, block in table.blocks.items()}),
        **({_VOCABULARIES: json.dumps(tokens)} if tokens else {}),
    }
    write_parquet(path, pa.table(columns).replace_schema_metadata(told), encrypted=encrypted)


def write_parquet(path: str | os.PathLike[str], table: pa.Table, *, encrypted: bool) -> None:
    """Write an Arrow table, atomically, and encrypted if asked to."""
    key = encryption(find_key()) if encrypted else None
    with atomic_path(path) as aside:
        pq.write_table(table, aside, compression="zstd", encryption_properties=key)


def read_parquet(path: str | os.PathLike[str], holds: str) -> pa.Table:
    """Read what `write_parquet` wrote.

    Raises
    ------
    InputError
        When the file is missing or damaged, or encrypted under a key that is not given; it names what the
        file `holds`.
    """
    try:
        return pq.read_table(path, decryption_properties=decryption(path))
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: {holds} wanted, but it cannot be read ({error})") from None


def read_table(path: str | os.PathLike[str]) -> Table:
    """Read a table that `write_table` wrote.

    Raises
    ------
    InputError
        When the file is missing, damaged or no table of profiles.
    """
    found = read_parquet(path, "a table of profiles")
    metadata = found.schema.metadata or {}
    if _FEATURES not in metadata or ID not in found.schema.names:
        raise InputError(f"{path}: found another Parquet file, wanted a table that seqmill profiles wrote")
    features = json.loads(metadata[_FEATURES])
    tokens = json.loads(metadata.get(_VOCABULARIES, b"{}"))
    return Table(
        ids=tuple(found[ID].to_pylist()),
        blocks={
            name: _block(found[name], tuple(names), tuple(tokens.get(name, ())))
            for name, names in features.items()
        },
        texts={
            name: tuple(found[name].to_pylist())
            for name in found.schema.names
            if name != ID and name not in features
        },
    )


def _block(column: pa.ChunkedArray, features: tuple[str, ...], vocabulary: tuple[str, ...]) -> Block:
    flat = column.combine_chunks().flatten()
    shape = (-1, len(features))
    mask = flat.is_valid().to_numpy(zero_copy_only=False).reshape(shape)
    values = flat.fill_null(0).to_numpy(zero_copy_only=False).reshape(shape)
    return Block(features, values, mask, vocabulary)
