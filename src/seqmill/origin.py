"""Where a file comes from: the tree of what it was made of, stored in the file itself."""

import json
import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import atomic_path, digest_json, program_version
from seqmill.revision import running

KEY = "lineage"
"""Key under which JSON files, Parquet metadata and checkpoints hold their lineage."""

ELEMENT = "seqmill-lineage"
"""Id of the element of an HTML page that holds its lineage."""

BESIDE = "./"
"""What the place of a file begins with that lies beside the file that tells of it, or a folder above."""

_ADDRESS = ".address"
_VERSION = 1
_MOST_VALUES = 12
_BLOCK = re.compile(rf'<script type="application/json" id="{ELEMENT}">(.*?)</script>\n', re.S)
_command: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """The command that made a file.

    Attributes
    ----------
    command : str
        Command line; empty for a call from Python.
    program : str
        Version of the program.
    commit : str
        Commit of its code, with ``+changes`` for uncommitted ones; empty where files have to be the same
        bytes whatever commit made them.
    """

    command: str
    program: str
    commit: str = ""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A file, or what else something was made of.

    Attributes
    ----------
    kind : str
        What it is, such as ``reads``, ``reference``, ``dataset`` or ``checkpoint``.
    name : str
        Name of the file, or of the thing.
    digest : str
        Hexadecimal SHA-256; empty when none was taken.
    of : str
        What the digest is of: ``bytes`` of the file, ``bases`` of a reference, ``weights`` of a model, or
        ``content`` free of how it was written and of the lineage.
    path : str
        Where it was, as the command named it; empty when not told.
    address : str
        Where it was fetched from, such as ``s3://bucket/ada.bam``; empty for what was on disk.
    sample : str
        The sample it belongs to, if one.
    step : Step or None
        What made it; None for what came from outside.
    parents : tuple of Node
        What it was made of.
    """

    kind: str
    name: str
    digest: str = ""
    of: str = "bytes"
    path: str = ""
    address: str = ""
    sample: str = ""
    step: Step | None = None
    parents: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """Give this node and all it was made of, each once, before its parents."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting += reversed(node.parents)

    def bare(self) -> "Node":
        """Give the tree without places and commands, so that it is the same wherever it was made."""
        return mapped(
            self, lambda node, parents: replace(node, path="", address="", step=None, parents=parents)
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the tree as plain values: a list in which every node comes after its parents, itself last."""
        nodes: list[dict[str, Any]] = []
        known: dict[str, int] = {}

        def add(node: Node, parents: tuple[int, ...]) -> int:
            facts = {
                key: value
                for key in ("kind", "name", "digest", "of", "path", "address", "sample")
                if (value := getattr(node, key))
            }
            if node.step is not None:
                facts["step"] = {key: value for key, value in vars(node.step).items() if value}
            if parents:
                facts["parents"] = list(parents)
            key = json.dumps(facts, sort_keys=True)
            if key not in known:
                known[key] = len(nodes)
                nodes.append(facts)
            return known[key]

        mapped(self, add)
        return {"version": _VERSION, "nodes": nodes}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], *, source: object = "lineage") -> "Node":
        """Rebuild a tree from what `to_dict` gave.

        Raises
        ------
        InputError
            When it cannot be understood; the message names `source`.
        """
        made: list[Node] = []
        try:
            for facts in content["nodes"]:
                rest = dict(facts)
                parents = tuple(made[index] for index in rest.pop("parents", ()))
                step = rest.pop("step", None)
                made.append(
                    cls(
                        **rest,
                        step=None if step is None else Step(**{"command": "", "program": ""} | step),
                        parents=parents,
                    )
                )
            return made[-1]
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise InputError(
                f"{source}: its lineage cannot be understood (layout {_VERSION} wanted); it was edited, or "
                "written by a newer version of the program"
            ) from error


def set_command(arguments: Sequence[str]) -> None:
    """Tell which command line is running; files that are written from now on name it."""
    global _command
    _command = tuple(arguments)


def this_step() -> Step:
    """Give the running command, with the program's version and commit."""
    command = " ".join(["seqmill", *_shortened(_command)]) if _command else ""
    return Step(command=command, program=program_version(), commit=str(running()))


def place(path: str | os.PathLike[str]) -> str:
    """Give a path as lineage tells it: relative where it lies below the working directory."""
    path, here = Path(path), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def file_node(path: str | os.PathLike[str], kind: str, digest: str, **facts: Any) -> Node:
    """Describe a file by the digest of its bytes, or as `facts` say."""
    told = {"kind": kind, "name": Path(path).name, "digest": digest, **placed(path)}
    return Node(**told | facts)


def placed(path: str | os.PathLike[str]) -> dict[str, str]:
    """Give the facts of a node that say where its file lies, and where it was fetched from."""
    note = Path(f"{path}{_ADDRESS}")
    return {"path": place(path), "address": note.read_text().strip() if note.is_file() else ""}


def tell_address(copy: str | os.PathLike[str], address: str) -> None:
    """Note beside a copy, or where it will be, the address that it is of, as lineage tells it."""
    note = Path(f"{copy}{_ADDRESS}")
    if not note.is_file() or note.read_text() != f"{address}\n":
        with atomic_path(note) as aside:
            aside.write_text(f"{address}\n")


def beside(node: Node, name: str) -> Node:
    """Give a node with the name of its file and, as its place, that it lies beside what is made of it."""
    return replace(node, name=name, path=f"{BESIDE}{name}")


def settled(node: Node, file: str | os.PathLike[str]) -> Node:
    """Give what `file` tells with its name and place, and the places of what lies beside it."""
    folders = Path(file).parent, Path(file).absolute().parent.parent

    def settle(one: Node, parents: tuple[Node, ...]) -> Node:
        if not one.path.startswith(BESIDE):
            return replace(one, parents=parents)
        near = [folder / one.path.removeprefix(BESIDE) for folder in folders]
        there = next((path for path in near if path.is_file()), near[0])
        return replace(one, path=place(there), parents=parents)

    return replace(mapped(node, settle), name=Path(file).name, path=place(file))


def stamped(
    content: Mapping[str, Any], *, kind: str, parents: Sequence[Node], sample: str = ""
) -> dict[str, Any]:
    """Give the content of a JSON file with its lineage, whose digest is of the content.

    The file's own name and place are left out: it is the same wherever it is written.
    """
    node = Node(
        kind=kind,
        name=kind,
        digest=content_digest(content),
        of="content",
        sample=sample,
        step=this_step(),
        parents=tuple(parents),
    )
    return {**content, KEY: node.to_dict()}


def content_digest(content: Mapping[str, Any]) -> str:
    """Digest the content of a JSON file without its lineage."""
    read_back = json.loads(json.dumps(content))
    return digest_json({key: value for key, value in read_back.items() if key != KEY})


def header(node: Node) -> dict[str, str]:
    """Give lineage as it stands in the header of a text format: command and commit to read, and all of it."""
    assert node.step is not None
    told = {"command": node.step.command, "commit": node.step.commit}
    whole = json.dumps(node.to_dict(), sort_keys=True)
    return {key: value for key, value in told.items() if value} | {KEY: whole}


def embed(page: str, node: Node) -> str:
    """Put lineage into an HTML page, at the end of its body."""
    text = json.dumps(node.to_dict(), sort_keys=True).replace("</", "<\\/")
    before, found, after = page.rpartition("</body>")
    block = f'<script type="application/json" id="{ELEMENT}">{text}</script>\n'
    return before + block + found + after if found else page + block


def extract(page: str) -> tuple[Mapping[str, Any] | None, str]:
    """Give the lineage in an HTML page, None where there is none, and the page as it was without it."""
    found = _BLOCK.search(page)
    if found is None:
        return None, page
    return json.loads(found[1]), page[: found.start()] + page[found.end() :]


def mapped(node: Node, make: Callable[[Node, tuple[Any, ...]], Any]) -> Any:
    """Rebuild a tree from its leaves; what is shared is made once."""
    made: dict[int, Any] = {}
    waiting = [node]
    while waiting:
        top = waiting[-1]
        missing = [parent for parent in top.parents if id(parent) not in made]
        if missing:
            waiting += reversed(missing)
            continue
        waiting.pop()
        if id(top) not in made:
            made[id(top)] = make(top, tuple(made[id(parent)] for parent in top.parents))
    return made[id(node)]


def _shortened(arguments: Sequence[str]) -> Iterator[str]:
    """Quote for the shell; name places from the working directory and long lists of files by a pattern."""
    here = f"{Path.cwd()}{os.sep}"
    rest = [argument.replace(here, "") for argument in arguments]
    while rest:
        yield shlex.quote(rest.pop(0))
        values = next((n for n, value in enumerate(rest) if value.startswith("-")), len(rest))
        listed, rest = rest[:values], rest[values:]
        yield from map(shlex.quote, listed) if values <= _MOST_VALUES else _pattern(listed)


def _pattern(paths: Sequence[str]) -> list[str]:
    folder, suffix = os.path.dirname(paths[0]), Path(paths[0]).suffix
    if all(os.path.dirname(path) == folder and path.endswith(suffix) for path in paths):
        return [f"{shlex.quote(folder)}/*{suffix}" if folder else f"*{suffix}"]
    return [shlex.quote(paths[0]), "...", shlex.quote(paths[-1])]
