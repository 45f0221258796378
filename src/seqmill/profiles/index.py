"""What rows point into, opened as a reference is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqmill.errors import InputError
from seqmill.files import read_json

if TYPE_CHECKING:
    from seqmill.profiles.table import Table

SUFFIX = ".json"


class ProfileIndex:
    """The index of the tables of a dataset, in the place of a reference.

    Attributes
    ----------
    path : Path
        The ``profiles.json``.
    contigs : dict
        Fold -> 1.
    checksum : str
        Digest of what the tables hold.
    tables : dict
        Name -> facts of a table: ``file``, ``sha256``, ``bytes``, ``content``, ``rows``, ``layout``.

    Raises
    ------
    InputError
        When there is no such file, or it is not whole.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InputError(f"{path}: no such index of profiles; write it with: seqmill profiles PLAN")
        content = read_json(path, "contigs", "checksum", "tables")
        self.path = path
        self.contigs: dict[str, int] = content["contigs"]
        self.checksum: str = content["checksum"]
        self.tables: dict[str, dict[str, Any]] = content["tables"]

    def __enter__(self) -> "ProfileIndex":
        return self

    def __exit__(self, *_: object) -> None:
        """Hold nothing open."""

    @property
    def files(self) -> dict[str, Path]:
        """Table -> its file."""
        return {name: self.path.parent / facts["file"] for name, facts in self.tables.items()}

    def read_profiles(self) -> "Table":
        """Read the table of profiles.

        Raises
        ------
        InputError
            When the dataset has none, or it cannot be read.
        """
        from seqmill.profiles.table import read_table

        if "profiles" not in self.tables:
            raise InputError(f"{self.path}: has no table of profiles; give a dataset that has one")
        return read_table(self.files["profiles"])

    @property
    def layout(self) -> dict[str, Any]:
        """Table -> block -> size, type and digest of the features' names."""
        return {name: facts["layout"] for name, facts in self.tables.items()}
