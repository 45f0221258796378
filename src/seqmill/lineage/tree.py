"""Lineage as a tree to read."""

from collections.abc import Iterator, Sequence

from seqmill.lineage.verify import Checked
from seqmill.origin import Node, Step

_SHOWN = 16


def draw_tree(root: Node, checked: Sequence[Checked] = ()) -> str:
    """Draw a lineage: each file with its digest, the command that made it, and what it was made of below.

    What was made from a file that stands higher up is not drawn twice, and a command that made several
    files in a row is named once.

    Parameters
    ----------
    root : Node
        The lineage.
    checked : sequence of Checked
        What became of the files, shown behind them.
    """
    status = {(one.node.kind, one.node.digest): one.status for one in checked}
    return "\n".join(_lines(root, status, seen=set(), above=None)) + "\n"


def _lines(
    node: Node, status: dict[tuple[str, str], str], *, seen: set[int], above: Step | None
) -> Iterator[str]:
    again = id(node) in seen and bool(node.parents)
    seen.add(id(node))
    found = status.get((node.kind, node.digest), "") if node.digest else ""
    yield _label(node) + (f"  [{found}]" if found else "") + ("  (as above)" if again else "")
    if again:
        return
    rail = "│ " if node.parents else "  "
    if node.step is not None and node.step != above:
        yield rail + _made(node.step)
    for index, parent in enumerate(node.parents):
        last = index == len(node.parents) - 1
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        for number, line in enumerate(_lines(parent, status, seen=seen, above=node.step)):
            yield (below if number else branch) + line


def _label(node: Node) -> str:
    kind = f"{node.kind} of {node.sample}" if node.sample else node.kind
    what = "sha256" if node.of == "bytes" else node.of
    digest = f"  {what} {node.digest[:_SHOWN]}" if node.digest else ""
    name = "" if node.name == node.kind else f"{node.name}  "
    source = f"  from {node.address}" if node.address else ""
    return f"{name}{kind}{digest}{source}"


def _made(step: Step) -> str:
    commit, _, changes = step.commit.partition("+")
    by = f"seqmill {step.program}"
    if commit and commit != "unknown":
        by += f", commit {commit[:10]}" + (" with uncommitted changes" if changes else "")
    return f"$ {step.command or '(called from Python)'}  [{by}]"
