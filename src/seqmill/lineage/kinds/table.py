"""Parquet files: parts, shards, predictions and scored items."""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq

from seqmill.lineage.kinds.document import untold
from seqmill.lineage.places import told_nearby
from seqmill.origin import KEY, Node, place, settled
from seqmill.shards.bytes_view import content_bytes
from seqmill.shards.manifest import Manifest
from seqmill.shards.parquet import open_file, read_metadata
from seqmill.shards.schema import Encoding
from seqmill.shards.table_digest import table_digest


def read(path: Path) -> Node:
    """Give the lineage of a Parquet file that the package wrote."""
    with open_file(path) as file:
        told = read_metadata(file)
    if KEY not in told and "inputs" not in told:
        raise untold(path)
    node = Node.from_dict(json.loads(told[KEY]), source=path) if KEY in told else _early(told)
    if node.kind == "part":
        return told_nearby(settled(node, path), path)
    if "content" not in told:
        return settled(node, path)
    return Node(
        kind="shard",
        name=path.name,
        digest=told["content"],
        of="content",
        path=place(path),
        parents=(_dataset_of(path, told["content"]) or node,),
    )


def _dataset_of(path: Path, content: str) -> Node | None:
    """Give the dataset of the manifest beside a shard, which tells places and commands, if it lists it."""
    beside = path.with_name("manifest.json")
    manifest = Manifest.read(beside) if beside.is_file() else None
    listed = manifest is not None and content in {shard.content for shard in manifest.shards}
    return manifest.origin if manifest is not None and listed else None


def digest(path: Path) -> str:
    """Digest the values of a table, as they were digested when it was written."""
    with open_file(path) as file:
        told = read_metadata(file)
        if "content" in told:
            return _shard(file, Encoding.from_dict(json.loads(told["encoding"])))
        return table_digest(file.read())


def _shard(file: pq.ParquetFile, encoding: Encoding) -> str:
    content = hashlib.sha256()
    for index in range(file.num_row_groups):
        group = file.read_row_group(index)
        for column in encoding.all_columns:
            for chunk in group[column.name].chunks:
                for part in content_bytes(chunk, column):
                    content.update(part)
    return content.hexdigest()


def _early(told: dict[str, str]) -> Node:
    """Give what a shard without lineage tells: the digests of its reads and of the reference."""
    reads = [
        Node(kind="reads", name=one["name"], digest=one["sha256"], sample=sample)
        for sample, files in json.loads(told["inputs"]).items()
        for one in files
    ]
    reference = Node(kind="reference", name="reference", digest=told["reference"], of="bases")
    return Node(kind="dataset", name="dataset", of="content", parents=(*reads, reference))
