"""How many threads this process may use: what was allotted to it, never all that the machine has."""

import math
import os
from collections.abc import Mapping
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")


def allotted_threads(environment: Mapping[str, str] = os.environ) -> int:
    """Count the processors of this process.

    The least of: what Slurm gives each task, the processors that the process is bound to, and the quota of
    its control group (version 2) and of the groups above it.
    """
    limits = [float(_bound()), *_quotas()]
    by_slurm = environment.get("SLURM_CPUS_PER_TASK", "")
    if by_slurm.isdigit():
        limits.append(float(by_slurm))
    return max(1, math.floor(min(limits)))


def _bound() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas() -> list[float]:
    """Give the quotas, in processors, from the own control group up to the root."""
    try:
        lines = OWN_CGROUP.read_text().splitlines()
    except OSError:
        return []
    own = next((line[3:] for line in lines if line.startswith("0::")), "/")
    found = []
    group = CGROUPS / own.lstrip("/")
    for folder in (group, *group.parents):
        if not folder.is_relative_to(CGROUPS):
            break
        try:
            quota, period = (folder / "cpu.max").read_text().split()
        except (OSError, ValueError):
            continue
        if quota != "max":
            found.append(int(quota) / int(period))
    return found
