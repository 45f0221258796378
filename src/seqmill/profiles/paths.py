"""Which files a path of the plan names: one, or all that fit a pattern."""

import glob
from pathlib import Path


def files_of(path: str) -> list[str]:
    """Give the files of a path, sorted: those that a pattern (``*``, ``?``, ``[...]``) fits, or the one."""
    if glob.has_magic(path) and not Path(path).is_file():
        return sorted(glob.glob(path))
    return [path]
