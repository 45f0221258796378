"""Where the files of a lineage lie now."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from seqmill.errors import InputError
from seqmill.origin import Node, mapped
from seqmill.shards.manifest import Manifest

_LEVELS = 4


class Places:
    """Finds files by what lineage tells of them, also when the folder of results was moved as a whole.

    A relative place is looked for from every folder above the traced file, then from the working directory.

    Parameters
    ----------
    file : Path
        The file whose lineage it is.
    """

    def __init__(self, file: Path) -> None:
        self._folders = [*file.absolute().parents, Path.cwd()]

    def find(self, node: Node) -> Path | None:
        """Give where a file lies, None when it is nowhere or lineage does not tell."""
        if not node.path:
            return None
        candidates = [Path(node.path)]
        if not candidates[0].is_absolute():
            candidates = [folder / node.path for folder in self._folders]
        return next((path for path in candidates if path.is_file()), None)


def told_nearby(root: Node, file: Path) -> Node:
    """Give a lineage with the places and commands that the manifest of a dataset near `file` tells.

    Parts and shards tell none themselves: they are the same bytes wherever they are made.
    """
    known = {(node.kind, node.digest): node for node in _datasets(file) if node.digest}

    def told(node: Node, parents: tuple[Node, ...]) -> Node:
        found = known.get((node.kind, node.digest))
        return replace(node, parents=parents) if found is None else found

    return mapped(root, told)


def _datasets(file: Path) -> Iterator[Node]:
    """Walk the lineage of the nearest dataset: beside a file, or in a folder beside one of those above."""
    for folder in list(file.absolute().parents)[:_LEVELS]:
        for path in (folder / "manifest.json", folder / "dataset" / "manifest.json"):
            if path.is_file():
                try:
                    yield from Manifest.read(path).origin.walk()
                except InputError:
                    continue
                return
