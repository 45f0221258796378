"""Input files that lie in an object store or on a server, and their copies on disk."""

import asyncio
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seqmill.origin import tell_address

_PLUGINS = {
    "s3": "s3",
    "gs": "gcs",
    "az": "azure",
    "http": "http",
    "https": "http",
    "ftp": "ftp",
    "sftp": "sftp",
}


def is_address(path: str) -> bool:
    """Say whether a path is an address, such as ``s3://bucket/ada.bam``, rather than a file on disk."""
    return "://" in path


class Addresses:
    """Turns addresses into the paths of their copies, which Snakemake fetches for the jobs that read them.

    Parameters
    ----------
    storage : object
        Snakemake's ``storage``: its attribute of a plugin's name, called with an address, gives the path of
        the copy with the object behind it as flag ``storage_object``.
    fetches : bool
        Whether copies are fetched here. A job on a node is given those that its caller has fetched; it asks
        neither network nor credentials.

    Attributes
    ----------
    problems : list of str
        One sentence for each address that cannot be used.
    """

    def __init__(self, storage: Any, *, fetches: bool) -> None:
        self._storage = storage
        self._fetches = fetches
        self._copies: dict[str, str] = {}
        self.problems: list[str] = []

    def copy_of(self, path: str, *, where: str) -> str:
        """Give where jobs find a file: the path itself, or that of the copy of an address.

        Parameters
        ----------
        path : str
            Path or address.
        where : str
            What of the configuration names it, for messages.
        """
        if not is_address(path):
            return path
        problems = list(_problems(path))
        if problems:
            self.problems += [f"{where}: {problem}" for problem in problems]
            return path
        copy = self._marked(path)
        other = self._copies.setdefault(str(copy), path)
        if other != path:
            self.problems.append(
                f"{where}: '{path}' and '{other}' have the same copy, {copy}; keep one of them"
            )
        if not self._fetches:
            return str(copy)
        tell_address(copy, path)
        return copy

    def copies_for(self, sample: str) -> Callable[[str, str], str]:
        """Give `copy_of` for the paths of a sample, called with path and column."""
        return lambda path, column: self.copy_of(path, where=f"sample '{sample}', {column}")

    def index_of(self, reference: str) -> Path | None:
        """Give the copy of the index beside a reference, fetched now: contigs are known before any job.

        None where the address of the reference cannot be used, or no index lies beside it.
        """
        if list(_problems(reference)):
            return None
        address = f"{reference}.fai"
        marked = self._marked(address)
        if self._fetches and not asyncio.run(_fetch(marked.flags["storage_object"])):
            self.problems.append(
                f"reference: found no {address}; put the index of 'samtools faidx' beside the reference, "
                "since its contigs have to be known before any job, or copy the reference to disk"
            )
            return None
        return Path(str(marked))

    def _marked(self, address: str) -> Any:
        """Ask Snakemake for the marked path of a copy, which outlasts the jobs that read it."""
        plugin: Callable[..., Any] = getattr(self._storage, _PLUGINS[urlsplit(address).scheme])
        return plugin(address, keep_local=True)


def _problems(address: str) -> Iterator[str]:
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.scheme not in _PLUGINS:
        known = ", ".join(f"{scheme}://" for scheme in _PLUGINS)
        yield f"found '{shown}', wanted a path on disk or an address that begins with one of: {known}"
        return
    if "@" in parts.netloc or parts.query or parts.fragment:
        yield (
            f"found '{shown}' with a user, or with something behind '?' or '#'; wanted the bare address, and "
            "credentials in the environment"
        )
    if not parts.netloc or not parts.path.strip("/") or parts.path.endswith("/"):
        yield f"found '{shown}', wanted the address of a file"
    plugin = _PLUGINS[parts.scheme]
    if find_spec(f"snakemake_storage_plugin_{plugin}") is None:
        yield (
            f"found '{shown}', but nothing is installed that reads {parts.scheme}://; "
            f"pip install snakemake-storage-plugin-{plugin}, or copy the file to disk"
        )


async def _fetch(stored: Any) -> bool:
    """Fetch an object unless the copy is as new; False when there is no such object."""
    if not await stored.managed_exists():
        return False
    copy = Path(stored.local_path())
    if not copy.is_file() or copy.stat().st_mtime < await stored.managed_mtime():
        await stored.managed_retrieve()
    return True
