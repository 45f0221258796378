"""Check YAML against a JSON schema and say what is wrong in the words of the person who wrote it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from seqmill.errors import nearest


def load_schema(folder: Path, name: str) -> dict[str, Any]:
    """Read ``NAME.schema.yaml`` of a folder."""
    return yaml.safe_load((folder / f"{name}.schema.yaml").read_text())


def with_defaults(content: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the keys that were left out with the schema's defaults, nested objects included."""
    filled = dict(content)
    for key, rule in schema.get("properties", {}).items():
        if key not in filled and "default" in rule:
            filled[key] = deepcopy(rule["default"])
        if isinstance(filled.get(key), Mapping) and "properties" in rule:
            filled[key] = with_defaults(filled[key], rule)
    return filled


def schema_problems(content: Any, schema: Mapping[str, Any]) -> list[str]:
    """Give one sentence for each violation: the key, the value found, the value wanted."""
    errors = Draft202012Validator(schema).iter_errors(content)
    sentences = (sentence for error in sorted(errors, key=_place) for sentence in _sentences(error))
    return list(dict.fromkeys(sentences))


def _place(error: ValidationError) -> str:
    return ".".join(str(step) for step in error.absolute_path)


def _sentences(error: ValidationError) -> Iterator[str]:
    if error.validator == "anyOf" and error.context:
        error = best_match([error]) or error
    place = _place(error)
    prefix = f"{place}: " if place else ""
    found, wanted = error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for key in sorted(set(found) - set(known)):
                yield f"{prefix}unknown key '{key}'{nearest(key, known)}"
        case "required":
            for key in sorted(set(wanted) - set(found)):
                yield f"{prefix}key '{key}' is missing"
        case "enum":
            choices = ", ".join(map(str, wanted))
            yield f"{prefix}found {found!r}{nearest(str(found), map(str, wanted))}, wanted one of: {choices}"
        case "type":
            kinds = " or ".join(wanted) if isinstance(wanted, list) else wanted
            yield f"{prefix}found {found!r}, wanted {_article(kinds)}"
        case "pattern":
            yield f"{prefix}found {found!r}, wanted text matching {wanted}"
        case "minimum" | "exclusiveMinimum":
            bound = "at least" if error.validator == "minimum" else "more than"
            yield f"{prefix}found {found!r}, wanted {bound} {wanted}"
        case "minItems":
            yield f"{prefix}the list is empty, wanted at least {wanted} entry"
        case "uniqueItems":
            twice = sorted({str(item) for item in found if found.count(item) > 1})
            yield f"{prefix}listed twice: {', '.join(twice)}"
        case _:
            yield f"{prefix}{error.message}"


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aio' else 'a'} {kind}"
