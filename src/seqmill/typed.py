"""Build typed dataclasses from plain mappings, collecting every mistake instead of stopping at the first."""

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from seqmill.errors import InputError, nearest

MISSING = "???"
"""How a configuration writes a value that has to be given."""


def build(kind: type, content: Any, *, path: str, problems: list[str]) -> Any:
    """Give an instance of the dataclass `kind`, or None when there were mistakes.

    Fields may be numbers, strings, booleans, ``Literal`` choices, optional ones, lists, tuples, dictionaries
    and dataclasses. The metadata of a number may bound it: ``at_least``, ``above``, ``at_most``, ``below``.
    A dataclass may refuse combinations by raising ValueError or InputError when it is made.

    Parameters
    ----------
    kind : type
        A dataclass.
    content : Any
        What should be a mapping of its fields.
    path : str
        Dotted key of `content` in the configuration, empty at the top.
    problems : list of str
        Every mistake is added here, as one sentence that begins with the dotted key.
    """
    if not isinstance(content, Mapping):
        problems.append(f"{path}: found {content!r}, want a group of keys")
        return None
    before = len(problems)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    hints = get_type_hints(kind)
    for key in content:
        if key not in fields:
            known = ", ".join(fields) or "nothing"
            problems.append(
                f"{_join(path, key)}: unknown key{nearest(str(key), fields)}; known here: {known}"
            )
    values = {}
    for name, field in fields.items():
        where = _join(path, name)
        if name in content and content[name] != MISSING:
            values[name] = _value(hints[name], content[name], path=where, problems=problems)
            problems += _outside(field.metadata, values[name], where)
        elif name in content or _is_required(field):
            problems.append(f"{where}: no value; give one with {where}=...")
    if len(problems) > before:
        return None
    try:
        return kind(**values)
    except (ValueError, InputError) as error:
        problems.append(f"{_join(path, str(error))}" if isinstance(error, ValueError) else str(error))
        return None


def _value(hint: Any, found: Any, *, path: str, problems: list[str]) -> Any:
    """Check one value against its type, widening whole numbers to float."""
    origin = get_origin(hint)
    if hint is Any:
        return found
    if dataclasses.is_dataclass(hint):
        return build(hint, found, path=path, problems=problems)
    if origin in (Union, types.UnionType):
        if found is None and type(None) in get_args(hint):
            return None
        inner = next(arm for arm in get_args(hint) if arm is not type(None))
        return _value(inner, found, path=path, problems=problems)
    if origin is Literal:
        choices = [str(choice) for choice in get_args(hint)]
        if found not in get_args(hint):
            problems.append(
                f"{path}: found {found!r}{nearest(str(found), choices)}, want one of {', '.join(choices)}"
            )
        return found
    if origin in (list, tuple):
        if not isinstance(found, list | tuple):
            problems.append(f"{path}: found {found!r}, want a list")
            return found
        inner = get_args(hint)[0] if get_args(hint) else Any
        return origin(
            _value(inner, one, path=f"{path}[{i}]", problems=problems) for i, one in enumerate(found)
        )
    wanted = origin or hint
    if wanted is dict and get_args(hint) and isinstance(found, Mapping):
        inner = get_args(hint)[1]
        return {
            key: _value(inner, one, path=_join(path, key), problems=problems) for key, one in found.items()
        }
    if wanted is float and isinstance(found, int) and not isinstance(found, bool):
        return float(found)
    if not isinstance(found, wanted) or (isinstance(found, bool) and wanted is not bool):
        problems.append(f"{path}: found {found!r}, want {_WORDS.get(wanted, wanted.__name__)}")
    return found


_WORDS = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
    dict: "a group of keys",
}

_BOUNDS = {
    "at_least": (lambda value, bound: value >= bound, "at least"),
    "above": (lambda value, bound: value > bound, "more than"),
    "at_most": (lambda value, bound: value <= bound, "at most"),
    "below": (lambda value, bound: value < bound, "less than"),
}


def _outside(metadata: Mapping[str, Any], value: Any, path: str) -> list[str]:
    """Say which bounds a number breaks."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    return [
        f"{path}: found {value}, want {words} {metadata[name]}"
        for name, (holds, words) in _BOUNDS.items()
        if name in metadata and not holds(value, metadata[name])
    ]


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
