"""What differs between a run as it was recorded and what is here now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seqmill.lineage.verify import CHANGED, Checked
from seqmill.origin import Node, place

NONE = "none"
_NOT_RECORDED = "not recorded"
_FACTS = ("commit", "changes", "python", "platform", "processor", "device", "threads")
_NAMES = {"commit": "code", "changes": "uncommitted changes"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was recorded, and what is here now.

    Attributes
    ----------
    what : str
        What it is, such as ``code``, ``package torch`` or the path of a file.
    expected, found : str
        As recorded, and now.
    same : bool
        Whether they agree.
    stops : bool
        Whether a retraining could not tell anything, since the data are others.
    """

    what: str
    expected: str
    found: str
    same: bool
    stops: bool = False

    def __str__(self) -> str:
        """Say it in one line."""
        if self.same:
            return f"same       {self.what}: {self.found}"
        if self.expected == _NOT_RECORDED:
            return f"unknown    {self.what}: {self.expected}, {self.found} found"
        return f"different  {self.what}: {self.expected} expected, {self.found} found"


def environment_findings(recorded: Mapping[str, str], now: Mapping[str, str]) -> list[Finding]:
    """Compare code, packages, interpreter, machine and threads.

    Parameters
    ----------
    recorded, now : mapping
        As `seqmill.tracking.provenance.environment` gives them, with ``device`` and ``threads``.
    """
    findings = []
    for key in _FACTS:
        expected = recorded.get(key, _NOT_RECORDED) or NONE
        found = now.get(key, "") or NONE
        findings.append(
            Finding(what=_NAMES.get(key, key), expected=expected, found=found, same=expected == found)
        )
    return [*findings, *_packages(recorded.get("packages"), now["packages"])]


def file_findings(checked: Sequence[Checked]) -> Iterator[Finding]:
    """Tell of the files that the dataset was made of."""
    for one in checked:
        node = one.node
        if one.path is None:
            what = f"{node.kind} {node.path or node.name}"
            yield Finding(what=what, expected=node.digest, found=_gone(node), same=False)
            continue
        yield Finding(
            what=f"{node.kind} {place(one.path)}",
            expected=f"{_of(one)} {node.digest}",
            found=f"{_of(one)} {one.found}" if one.found else one.reason,
            same=one.status != CHANGED,
            stops=one.status == CHANGED,
        )


def _gone(node: Node) -> str:
    return "no such file" + (f"; it was fetched from {node.address}" if node.address else "")


def _of(one: Checked) -> str:
    return "sha256" if one.node.of == "bytes" else one.node.of


def _packages(recorded: str | None, now: str) -> list[Finding]:
    if recorded is None:
        count = f"{len(now.split())} packages"
        return [Finding(what="packages", expected=_NOT_RECORDED, found=count, same=False)]
    before, after = _versions(recorded), _versions(now)
    differing = [
        Finding(
            what=f"package {name}",
            expected=before.get(name, "not installed"),
            found=after.get(name, "not installed"),
            same=False,
        )
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    count = f"{len(before)} packages"
    return differing or [Finding(what="packages", expected=count, found=count, same=True)]


def _versions(listed: str) -> dict[str, str]:
    pairs = (line.partition("==") for line in listed.splitlines() if line)
    return {name: version for name, _, version in pairs}
