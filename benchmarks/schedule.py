"""Lay jobs out on a cluster: each starts as soon as what it needs is done and a node has room for it."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job of a workflow.

    Attributes
    ----------
    stage : str
        Name of its rule.
    cores : int
        Cores that it holds for as long as it runs.
    memory_gb : float
        Memory that it holds.
    seconds : float
        How long it runs.
    needs : tuple of int
        Jobs, as places in the list, that have to end first.
    """

    stage: str
    cores: int
    memory_gb: float
    seconds: float
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Equal nodes.

    Attributes
    ----------
    nodes, cores : int
        Nodes, and cores of each.
    memory_gb : float
        Memory of each node.
    """

    nodes: int
    cores: int
    memory_gb: float


@dataclass
class Schedule:
    """When each job ran, in seconds from the start.

    Attributes
    ----------
    wall : float
        End of the last job.
    chain : dict
        Stage -> seconds of the chain of jobs that set the end: from the last job back over what each had
        waited for, a job that it needed or one that held its room.
    """

    wall: float = 0.0
    chain: dict[str, float] = field(default_factory=dict)

    @property
    def bottleneck(self) -> str:
        """The stage that the chain spends most time in."""
        return max(self.chain, key=self.chain.__getitem__)


def schedule(jobs: Sequence[Job], cluster: Cluster) -> Schedule:
    """Run jobs in the order of the list, each on the first node with room.

    Raises
    ------
    ValueError
        When a job fits on no node, or needs one that comes after it.
    """
    waiting, followers = _dependencies(jobs, cluster)
    ready = [place for place, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    room = [[cluster.cores, cluster.memory_gb] for _ in range(cluster.nodes)]
    running: list[tuple[float, int, int]] = []
    cause: dict[int, int | None] = {}
    now, last = 0.0, None
    while ready or running:
        held = []
        while ready:
            place = heapq.heappop(ready)
            node = _node_with_room(room, jobs[place])
            if node is None:
                held.append(place)
                if len(held) >= _LOOKED_AT:
                    break
                continue
            _take(room[node], jobs[place], -1)
            cause[place] = last
            heapq.heappush(running, (now + jobs[place].seconds, place, node))
        for place in held:
            heapq.heappush(ready, place)
        now, last, node = heapq.heappop(running)
        _take(room[node], jobs[last], 1)
        for follower in followers[last]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    return Schedule(now, _chain(jobs, cause, last))


_LOOKED_AT = 50
"""Jobs without room after which no further one is looked at: those behind are mostly of the same kind."""


def _dependencies(jobs: Sequence[Job], cluster: Cluster) -> tuple[list[int], Mapping[int, list[int]]]:
    followers: dict[int, list[int]] = defaultdict(list)
    for place, job in enumerate(jobs):
        if job.cores > cluster.cores or job.memory_gb > cluster.memory_gb:
            raise ValueError(
                f"{job.stage} wants {job.cores} cores and {job.memory_gb:g} GB, "
                f"a node has {cluster.cores} and {cluster.memory_gb:g}"
            )
        for needed in job.needs:
            if needed >= place:
                raise ValueError(f"job {place} needs job {needed}, which comes after it")
            followers[needed].append(place)
    return [len(job.needs) for job in jobs], followers


def _node_with_room(room: list[list[float]], job: Job) -> int | None:
    fitting = (
        at for at, (cores, memory) in enumerate(room) if cores >= job.cores and memory >= job.memory_gb
    )
    return next(fitting, None)


def _take(node: list[float], job: Job, sign: int) -> None:
    node[0] += sign * job.cores
    node[1] += sign * job.memory_gb


def _chain(jobs: Sequence[Job], cause: Mapping[int, int | None], last: int | None) -> dict[str, float]:
    """Sum the seconds by stage from the last job back."""
    found: dict[str, float] = defaultdict(float)
    while last is not None:
        found[jobs[last].stage] += jobs[last].seconds
        last = cause[last]
    return dict(found)
