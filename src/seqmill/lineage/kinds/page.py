"""The report as HTML."""

import hashlib
from pathlib import Path

from seqmill.lineage.kinds.document import untold
from seqmill.origin import Node, extract, settled


def read(path: Path) -> Node:
    """Give the lineage of a page."""
    told, _ = extract(path.read_text())
    if told is None:
        raise untold(path)
    return settled(Node.from_dict(told, source=path), path)


def digest(path: Path) -> str:
    """Digest the page without its lineage."""
    return hashlib.sha256(extract(path.read_text())[1].encode()).hexdigest()
