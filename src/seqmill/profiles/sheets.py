"""Tables that name a file for each person."""

import os

from seqmill.errors import InputError


def read_sheet(path: str, column: str, files: str) -> dict[str, str]:
    """Read which file each person has; variables of the environment in paths are filled in.

    Parameters
    ----------
    path : str
        A table with a header.
    column, files : str
        Columns of the names and of the files.

    Raises
    ------
    InputError
        When it cannot be read, lacks a column, has a name twice, or a person has no file.
    """
    from seqmill.profiles.columns import ids_of, read_file, text_of

    table = read_file(path)
    ids = ids_of(table, column, path=path)
    paths = [os.path.expandvars(one) for one in text_of(table, files, path=path)]
    if "" in paths:
        raise InputError(
            f"{path}: '{ids[paths.index('')]}' has no file in '{files}'; give one, or leave the row out"
        )
    return dict(zip(ids, paths, strict=True))
