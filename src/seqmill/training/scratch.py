"""Copies of the shards on a node's own disk, shared by the node's jobs and removed by the last of them."""

import errno
import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from seqmill.errors import InputError
from seqmill.files import atomic_path, digest_json
from seqmill.shards.manifest import Manifest, Shard
from seqmill.training.data import TRAIN, VALIDATION

_LOCK = "lock"
_CHUNK = 8 << 20
_POLL_S = 0.1
_PATIENCE_S = 5.0
_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def on_scratch(
    manifest: Manifest, scratch: Path | None, check: Callable[[], None] = lambda: None
) -> Iterator[Manifest]:
    """Copy the shards of training and validation to a node's own disk while the block runs.

    The digest of each shard is checked while it is copied. Jobs of one user on one node share a copy; it is
    removed when no process uses it any more, and what a killed job left is removed by the next one.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    scratch : Path, optional
        A folder on the node's disk; nothing is copied unless given.
    check : callable
        Called between pieces; raises to end it.

    Yields
    ------
    Manifest
        The same dataset, with its shards in the copy.

    Raises
    ------
    InputError
        When there is not enough space, the folder cannot be written, or a shard was changed.
    """
    if scratch is None:
        yield manifest
        return
    shards = [shard for split in (TRAIN, VALIDATION) for shard in manifest.shards_of(split)]
    root = scratch / f"seqmill-{os.getuid()}"
    folder = root / digest_json([[shard.name, shard.sha256] for shard in shards])[:16]
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        use = _enter(manifest, shards, folder, check)
    except OSError as error:
        if error.errno in _FULL:
            raise InputError(f"--scratch {scratch}: disk or quota is full; {_ELSE}") from error
        raise InputError(f"--scratch {scratch}: {error.strerror}; {_ELSE}") from error
    try:
        yield replace(manifest, folder=folder)
    finally:
        _leave(folder, use)


_ELSE = "give a folder with more space, or train without --scratch"


def _enter(manifest: Manifest, shards: list[Shard], folder: Path, check: Callable[[], None]) -> IO[Any]:
    """Make the copy whole and give the open file that says that it is in use."""
    with _open_locked(folder.parent, check):
        _sweep(folder.parent, but=folder)
        folder.mkdir(exist_ok=True)
        try:
            _copy_all(manifest, shards, folder, check)
        except BaseException:
            _remove_unused(folder)
            raise
        use = open(folder / _LOCK, "w")
        fcntl.flock(use, fcntl.LOCK_SH)
        return use


def _leave(folder: Path, use: IO[Any]) -> None:
    use.close()
    until = time.monotonic() + _PATIENCE_S

    def patient() -> None:
        if time.monotonic() > until:
            raise TimeoutError

    try:
        with _open_locked(folder.parent, patient):
            _remove_unused(folder)
    except TimeoutError:
        return  # another job is copying; whoever comes next removes what is not in use
    except OSError as error:
        print(f"warning: {folder}: the copy could not be removed ({error.strerror})", file=sys.stderr)


def _copy_all(manifest: Manifest, shards: list[Shard], folder: Path, check: Callable[[], None]) -> None:
    for left in folder.glob(".*.part.*"):
        left.unlink()
    missing = [shard for shard in shards if not (folder / shard.name).is_file()]
    needed = sum(shard.bytes for shard in missing)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(
            f"--scratch {folder.parent.parent}: {free / 1e9:.3f} GB free, {needed / 1e9:.3f} GB wanted for "
            f"the shards of {manifest.path}; {_ELSE}"
        )
    for shard in missing:
        _copy(manifest.shard_path(shard), folder / shard.name, shard.sha256, check)


def _copy(source: Path, target: Path, sha256: str, check: Callable[[], None]) -> None:
    digest = hashlib.sha256()
    with atomic_path(target) as aside, open(source, "rb") as reader, open(aside, "wb") as writer:
        while chunk := reader.read(_CHUNK):
            check()
            digest.update(chunk)
            writer.write(chunk)
        if digest.hexdigest() != sha256:
            raise InputError(
                f"{source}: sha256 {digest.hexdigest()} found, {sha256} wanted; the shard was changed after "
                "it was written, build the dataset again"
            )


@contextmanager
def _open_locked(root: Path, check: Callable[[], None]) -> Iterator[None]:
    """Be the only process of this user that adds or removes copies on this node."""
    with open(root / _LOCK, "w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                check()
                time.sleep(_POLL_S)
        yield


def _sweep(root: Path, *, but: Path) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder != but:
            _remove_unused(folder)


def _remove_unused(folder: Path) -> None:
    if not folder.is_dir():
        return
    with open(folder / _LOCK, "w") as use:
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(folder)
