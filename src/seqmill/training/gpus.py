"""Gives a process GPUs that no other process of this program uses: a workflow counts but assigns none."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from seqmill.errors import InputError

VARIABLE = "CUDA_VISIBLE_DEVICES"
LOCKS = Path("/tmp/seqmill-gpus")  # not TMPDIR: that may differ from user to user, and GPUs do not

_POLL_S = 1.0
_held: list[IO[Any]] = []  # open until the process ends, however it ends: then the kernel drops the locks


def assign_gpus(
    wanted: int, *, visible: Callable[[], Sequence[str]] | None = None, check: Callable[[], None]
) -> list[str]:
    """Take GPUs for this process, and wait until enough are free.

    ``CUDA_VISIBLE_DEVICES`` names them from now on, also for processes that this one starts. Nothing is done
    where it is set, as by a scheduler, or where there are not several GPUs. It has to be called before torch
    looks for GPUs.

    Parameters
    ----------
    wanted : int
        How many.
    visible : callable, optional
        Gives the names of all GPUs; asks the driver unless given.
    check : callable
        Called now and then while waiting; raises to end it.

    Returns
    -------
    list of str
        The GPUs, as the driver names them; empty where nothing was done.

    Raises
    ------
    InputError
        When the machine has fewer, or the folder of locks belongs to somebody who keeps others out.
    """
    if VARIABLE in os.environ or len(names := list((visible or _ask_driver)())) < 2:
        return []
    if wanted > len(names):
        raise InputError(f"--devices: found {wanted}, want at most the {len(names)} GPUs of this machine")
    is_told = False
    while not (taken := _take(names, wanted)):
        check()
        if not is_told:
            print(f"waiting for {wanted} free of {len(names)} GPUs", file=sys.stderr, flush=True)
            is_told = True
        time.sleep(_POLL_S)
    os.environ[VARIABLE] = ",".join(taken)
    return taken


def _take(names: Sequence[str], wanted: int) -> list[str]:
    """Lock as many as wanted, or none: processes that each hold a part would wait for each other."""
    taken: dict[str, IO[Any]] = {}
    for name in names:
        if len(taken) == wanted:
            break
        handle = _open(LOCKS / name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
        else:
            taken[name] = handle
    if len(taken) < wanted:
        for handle in taken.values():
            handle.close()
        return []
    _held.extend(taken.values())
    return list(taken)


def _open(path: Path) -> IO[Any]:
    """Open a lock, which is made if missing, for every user of the machine.

    Only who makes it opens it with O_CREAT: in folders for all, Linux refuses that with the file of another
    user (fs.protected_regular).
    """
    before = os.umask(0)
    try:
        path.parent.mkdir(mode=0o1777, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o666))
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW))
    except OSError as error:
        raise InputError(
            f"{path}: found {error.strerror}, want a lock that all users can open; remove the folder, or set"
            f" {VARIABLE} to choose GPUs yourself"
        ) from error
    finally:
        os.umask(before)


def _ask_driver() -> list[str]:
    command = ["nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return found.split()
