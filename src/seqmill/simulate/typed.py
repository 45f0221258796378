"""Typed dataclasses from plain YAML content, with every mistake named."""

import os
import re
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_origin

from seqmill.errors import nearest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
_WANTED = {int: "a whole number", float: "a number", str: "text"}


def read_typed(kind: type, content: Any, where: str, problems: list[str]) -> Any:
    """Make a dataclass of the type `kind` from a mapping.

    Fields may be int, float, str, ``tuple[str, ...]``, another dataclass, or ``dict[str, dataclass]`` whose
    names become file names. Environment variables in text are replaced.

    Parameters
    ----------
    kind : type
        A dataclass.
    content : object
        What YAML gave.
    where : str
        Dotted place of `content`, empty at the top.
    problems : list of str
        Each mistake is appended.

    Returns
    -------
    object or None
        None when the content, or any part of it, does not fit.
    """
    if not isinstance(content, dict):
        problems.append(f"{where or 'the file'}: wanted a mapping, found {content!r}")
        return None
    before = len(problems)
    known = {entry.name: entry for entry in fields(kind)}
    dot = f"{where}." if where else ""
    values = {}
    for key, value in content.items():
        if key in known:
            values[key] = _value(known[key].type, value, f"{dot}{key}", problems)
        else:
            problems.append(f"{dot}{key}: unknown key{nearest(str(key), known)}; known: {', '.join(known)}")
    for name, entry in known.items():
        if name not in content and entry.default is MISSING and entry.default_factory is MISSING:
            problems.append(f"{dot}{name}: is missing")
    return kind(**values) if len(problems) == before else None


def _value(kind: Any, value: Any, where: str, problems: list[str]) -> Any:
    if is_dataclass(kind):
        return read_typed(kind, value, where, problems)
    if get_origin(kind) is dict:
        return _named(get_args(kind)[1], value, where, problems)
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            problems.append(f"{where}: wanted a list of names, found {value!r}")
            return ()
        return tuple(value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        problems.append(f"{where}: wanted {_WANTED[kind]}, found {value!r}")
    elif kind is str:
        value = os.path.expandvars(value)
        if "$" in value:
            problems.append(f"{where}: {value} names an environment variable that is not set; export it")
    return value


def _named(kind: type, content: Any, where: str, problems: list[str]) -> dict[str, Any]:
    if not isinstance(content, dict) or not content:
        problems.append(f"{where}: wanted a mapping of at least one name, found {content!r}")
        return {}
    for name in content:
        if not isinstance(name, str) or not _NAME.match(name):
            problems.append(f"{where}.{name}: a name holds letters, digits, '_', '.' and '-', and is text")
    return {str(name): read_typed(kind, part, f"{where}.{name}", problems) for name, part in content.items()}
