"""Metrics, curves, calibrations and other JSON files."""

from pathlib import Path

from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.lineage.kinds.alignments import of_report
from seqmill.origin import KEY, Node, content_digest, settled

_TOLD_BY = {"labels.json": "manifest.json", "train.json": "checkpoint.ckpt"}
"""Files without a lineage of their own, and the file beside them that tells it."""


def read(path: Path) -> Node:
    """Give the lineage of a JSON file."""
    content = read_json(path)
    if isinstance(content, dict) and {"depth_histogram", "inputs"} <= content.keys():
        return of_report(path, content)
    if not isinstance(content, dict) or KEY not in content:
        raise untold(path)
    return settled(Node.from_dict(content[KEY], source=path), path)


def digest(path: Path) -> str:
    """Digest the content of a JSON file without its lineage."""
    return content_digest(read_json(path))


def untold(path: Path) -> InputError:
    """Say that a file holds no lineage, and which one beside it does."""
    if path.name in _TOLD_BY and (beside := path.with_name(_TOLD_BY[path.name])).is_file():
        return InputError(f"{path}: holds no lineage itself; trace {beside}, which was written with it")
    return InputError(
        f"{path}: holds no lineage; it was written by another program or by an early version of this one, so "
        "make it again with the command that made it"
    )
