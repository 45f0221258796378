"""Variables of the environment in the paths of a configuration and its sheets."""

import os
import re
from typing import Any

_VARIABLE = re.compile(r"\$(\w+|\{\w+\})")


def expanded(value: Any, problems: list[str], *, where: str) -> Any:
    """Fill in ``$NAME`` and ``${NAME}`` in a text, or in the texts of a mapping.

    Parameters
    ----------
    value : Any
        What may hold variables; anything but texts and mappings is given back as it is.
    problems : list of str
        A sentence for each variable that is not set is added here.
    where : str
        Key or file, for the sentence.
    """
    if isinstance(value, dict):
        return {key: expanded(one, problems, where=f"{where}.{key}") for key, one in value.items()}
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        name = found[1].strip("{}")
        if name not in os.environ:
            problems.append(f"{where}: the environment variable {name} is not set; set it, or write the path")
        return os.environ.get(name, found[0])

    return _VARIABLE.sub(fill, value)
