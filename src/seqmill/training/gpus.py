"""Gives a process GPUs that no other process of this program uses: a workflow counts but assigns none."""

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from seqmill.errors import InputError

VARIABLE = "CUDA_VISIBLE_DEVICES"
PREFIX = "seqmill-gpu-"
"""How the names of locks begin."""

_POLL_S = 1.0
_held: list[socket.socket] = []  # open until the process ends, however it ends: that frees them


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
    taken: dict[str, socket.socket] = {}
    for name in names:
        if len(taken) == wanted:
            break
        if lock := _lock(name):
            taken[name] = lock
    if len(taken) < wanted:
        for lock in taken.values():
            lock.close()
        return []
    _held.extend(taken.values())
    return list(taken)


def _lock(name: str) -> socket.socket | None:
    """Give the lock of a GPU, None where another process holds it.

    It is a socket's name in Linux's abstract namespace: one for all users of the machine, and no file.
    """
    lock = socket.socket(socket.AF_UNIX)
    try:
        lock.bind(f"\0{PREFIX}{name}")
    except OSError as error:
        lock.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    return lock


def _ask_driver() -> list[str]:
    command = ["nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return found.split()
