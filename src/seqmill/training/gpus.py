"""Gives a process GPUs that no other process of this program uses: a workflow counts but assigns none."""

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from seqmill.errors import InputError

VARIABLE = "CUDA_VISIBLE_DEVICES"
LOCKS = Path(tempfile.gettempdir()) / "seqmill-gpus"

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
        When the machine has fewer.
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
    LOCKS.mkdir(mode=0o1777, exist_ok=True)
    taken: dict[str, IO[Any]] = {}
    for name in names:
        if len(taken) == wanted:
            break
        handle = os.fdopen(os.open(LOCKS / name, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644))
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


def _ask_driver() -> list[str]:
    command = ["nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return found.split()
