"""The manifest of a dataset."""

from pathlib import Path

from seqmill.origin import Node
from seqmill.shards.manifest import Manifest


def read(path: Path) -> Node:
    """Give the lineage of a dataset, whether or not its shards are still there."""
    return Manifest.read(path).origin


def digest(path: Path) -> str:
    """Give the digest of a dataset, after every shard was found to be as it was written."""
    return Manifest.load(path, verify="digests").digest
