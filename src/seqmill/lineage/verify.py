"""Whether the files of a lineage are still what they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seqmill.errors import InputError
from seqmill.lineage.places import Places
from seqmill.lineage.read import digest_of
from seqmill.origin import Node, place
from seqmill.progress import progress

SAME, CHANGED, MISSING = "same", "changed", "missing"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What became of one file.

    Attributes
    ----------
    node : Node
        The file as it was.
    status : str
        ``same``, ``changed`` or ``missing``.
    path : Path or None
        Where it lies now.
    found : str
        Its digest now; empty when it is missing or cannot be read.
    reason : str
        Why it cannot be read.
    """

    node: Node
    status: str
    path: Path | None = None
    found: str = ""
    reason: str = ""

    def __str__(self) -> str:
        """Name the file, what was expected and what was found."""
        where = place(self.path) if self.path else self.node.path or self.node.name
        what = f"{where}: {self.node.kind} {self.status}"
        if self.status != CHANGED:
            return what
        found = self.found or f"nothing that can be read ({self.reason})"
        kind = "sha256" if self.node.of == "bytes" else f"digest of {self.node.of}"
        return f"{what}: {kind} {self.node.digest} expected, {found} found"


def verify(root: Node, places: Places) -> list[Checked]:
    """Digest every file of a lineage again that is still there, each once.

    Parameters
    ----------
    root : Node
        The lineage.
    places : Places
        Where its files lie.

    Returns
    -------
    list of Checked
        One for each file that has a digest, in the order of `Node.walk`.
    """
    nodes = list({(node.kind, node.digest, node.path): node for node in root.walk() if node.digest}.values())
    found = [(node, places.find(node)) for node in nodes]
    size = sum(path.stat().st_size for _, path in found if path is not None)
    checked = []
    with progress(total=size, desc="checking files", unit="B") as bar:
        for node, path in found:
            checked.append(check(node, path))
            bar.update(path.stat().st_size if path else 0)
    return checked


def check(node: Node, path: Path | None) -> Checked:
    """Digest one file again."""
    if path is None:
        return Checked(node=node, status=MISSING)
    try:
        digest = digest_of(path, node.of)
    except InputError as error:
        return Checked(node=node, status=CHANGED, path=path, reason=str(error))
    return Checked(node=node, status=SAME if digest == node.digest else CHANGED, path=path, found=digest)


def changed(checked: Sequence[Checked]) -> list[Checked]:
    """Give the files that are not what they were."""
    return [one for one in checked if one.status == CHANGED]
