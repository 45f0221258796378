"""Calls as VCF."""

import gzip
import json
from pathlib import Path
from typing import IO

from seqmill.errors import InputError
from seqmill.lineage.kinds.document import untold
from seqmill.origin import KEY, Node, settled

_MARK = f"##seqmill_{KEY}="


def read(path: Path) -> Node:
    """Give the lineage in the header of a VCF, plain or compressed."""
    with open(path, "rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rt") if packed else open(path) as handle:
            told = _told(handle)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no whole VCF ({error}); make it again") from None
    if told is None:
        raise untold(path)
    node = Node.from_dict(json.loads(told), source=path)
    return settled(node, path)


def _told(handle: IO[str]) -> str | None:
    for line in handle:
        if line.startswith(_MARK):
            return line.removeprefix(_MARK).strip()
        if not line.startswith("##"):
            return None
    return None
