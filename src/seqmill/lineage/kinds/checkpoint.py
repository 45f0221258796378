"""A trained model."""

from dataclasses import replace
from pathlib import Path

from seqmill.origin import Node
from seqmill.training.checkpoint import origin, read_facts


def read(path: Path) -> Node:
    """Give the lineage of a checkpoint; its digest is what the checkpoint tells, not what it holds."""
    facts = read_facts(path)
    node = origin(path, facts)
    return replace(node, digest=facts["weights_digest_told"] or node.digest)


def digest(path: Path) -> str:
    """Digest the weights."""
    return str(read_facts(path)["weights_digest"])
