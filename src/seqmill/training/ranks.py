"""Which of the processes of a run this one is, and how they begin and fail together."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from seqmill.errors import InputError, Interrupted, SeqmillError

PATIENCE_S = 1800.0
"""Seconds that a process waits for the others to begin."""

_LEAVE_S = 60.0
_POLL_S = 0.1
_PORTS = 10_000  # from the port of Lightning's rendezvous to that of the meeting


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The place of this process among those of its run.

    Attributes
    ----------
    rank : int
        Number of this process, from 0. The first one alone writes, tracks and speaks.
    nodes : int
        Machines.
    devices : int or None
        Processes on each machine; None leaves it to the hardware.
    by_srun : bool
        Whether srun started all processes; else the first one starts the others when training begins.
    """

    rank: int = 0
    nodes: int = 1
    devices: int | None = None
    by_srun: bool = False

    @property
    def is_main(self) -> bool:
        """Whether this is the first process."""
        return self.rank == 0

    @property
    def size(self) -> int:
        """Processes that srun started, else 1."""
        return self.nodes * (self.devices or 1) if self.by_srun else 1


ALONE = Ranks()
"""A process on its own."""


def find_ranks(
    nodes: int = 1, devices: int | None = None, environment: Mapping[str, str] = os.environ
) -> Ranks:
    """Find how this process was started, and hold that against what is wanted.

    Parameters
    ----------
    nodes : int
        Machines wanted.
    devices : int, optional
        Processes wanted on each; left to srun or to the hardware unless given.
    environment : mapping
        Where srun and Lightning tell a process its number.

    Raises
    ------
    InputError
        When the command was started as another number of processes than wanted.
    """
    tasks = int(environment.get("SLURM_STEP_NUM_TASKS", "1"))
    if tasks == 1:
        if nodes > 1:
            raise InputError(
                f"--nodes: {nodes} wanted, but the command was started as a single process; start it with "
                f"srun --nodes={nodes} --ntasks={nodes * (devices or 1)} --ntasks-per-node={devices or 1}"
            )
        return Ranks(rank=int(environment.get("LOCAL_RANK", "0")), devices=devices)
    found = int(environment.get("SLURM_STEP_NUM_NODES", "1"))
    each = devices or tasks // max(found, 1)
    if found != nodes or tasks != nodes * each:
        raise InputError(
            f"srun started {tasks} processes on {found} node{'s' * (found != 1)}, but --nodes {nodes}"
            f"{f' --devices {devices}' if devices else ''} wants {nodes * each} on {nodes}; "
            "give srun --nodes, --ntasks and --ntasks-per-node that fit"
        )
    return Ranks(rank=int(environment["SLURM_PROCID"]), nodes=nodes, devices=each, by_srun=True)


@contextmanager
def together(ranks: Ranks) -> Iterator[Callable[[], None]]:
    """Let processes begin together: where one fails before training, all fail with its exit code.

    Yields a function that each process calls when it is ready to train; it returns when all are.

    Parameters
    ----------
    ranks : Ranks
        The place of this process.

    Raises
    ------
    SeqmillError
        What another process failed with.
    """
    if not ranks.by_srun:
        try:
            yield lambda: None
        except Interrupted:
            if ranks.is_main:
                raise
            os._exit(0)  # the first process says so; Lightning would kill it for a helper's exit code
        return
    meeting = _Meeting(ranks)
    try:
        yield meeting.ready
    except BaseException as error:
        meeting.fail(error)
        raise


class _Meeting:
    """Where the processes that srun started tell each other that they are ready, or why not."""

    def __init__(self, ranks: Ranks) -> None:
        from lightning_fabric.plugins.environments import SLURMEnvironment
        from torch.distributed import TCPStore

        self._ranks = ranks
        self._told = False
        slurm = SLURMEnvironment(auto_requeue=False)
        port = slurm.main_port
        self._store = TCPStore(
            slurm.main_address,
            port - _PORTS if port > 2 * _PORTS + 1024 else port + _PORTS,
            world_size=None,
            is_master=ranks.is_main,
            timeout=timedelta(seconds=PATIENCE_S),
            wait_for_workers=False,
        )

    def ready(self) -> None:
        """Wait until all are ready.

        Raises
        ------
        SeqmillError
            When another one is not.
        """
        self._tell({})
        words = [self._word(f"word/{rank}") for rank in range(self._ranks.size)]
        self._store.set(f"read/{self._ranks.rank}", "1")
        failed = [word for word in words if word]
        if failed:
            self._stay()
            raise _error(failed[0])

    def fail(self, error: BaseException) -> None:
        """Tell the others why this one is not ready, unless all had begun."""
        if self._told:
            return
        code = getattr(error, "exit_code", 1)
        where = f"rank {self._ranks.rank} on {socket.gethostname()}"
        self._tell({"code": code, "text": str(error) if code == 75 else f"{where}: {error}"})
        self._store.set(f"read/{self._ranks.rank}", "1")
        self._stay()

    def _tell(self, word: dict[str, Any]) -> None:
        self._told = True
        self._store.set(f"word/{self._ranks.rank}", json.dumps(word))

    def _stay(self) -> None:
        """Keep the meeting open, as its host, until all have heard the word, or for a minute."""
        if self._ranks.is_main:
            until = time.monotonic() + _LEAVE_S
            while time.monotonic() < until and not all(
                self._store.check([f"read/{rank}"]) for rank in range(self._ranks.size)
            ):
                time.sleep(_POLL_S)

    def _word(self, key: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_S
        try:
            while not self._store.check([key]):
                if time.monotonic() > until:
                    raise SeqmillError(f"process {key} of the run did not begin within {PATIENCE_S:.0f} s")
                time.sleep(_POLL_S)
            word: dict[str, Any] = json.loads(self._store.get(key))
        except RuntimeError as error:  # torch's errors of the network
            raise SeqmillError("the first process ended before training began; see its message") from error
        return word


def _error(word: Mapping[str, Any]) -> SeqmillError:
    kinds = {2: InputError, 75: Interrupted}
    return kinds.get(word["code"], SeqmillError)(word["text"])
