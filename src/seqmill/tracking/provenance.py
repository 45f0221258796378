"""Where a run comes from: code, packages, machine, job."""

import getpass
import hashlib
import os
import platform
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import distributions
from pathlib import Path

from seqmill.revision import running

_JOB_VARIABLES = ("SLURM_JOB_ID", "LSB_JOBID", "PBS_JOBID", "JOB_ID")


@lru_cache(maxsize=1)
def packages() -> str:
    """List the installed packages with their versions, one on a line, sorted."""
    described = (found.metadata for found in distributions())
    found = {f"{metadata['Name']}=={metadata['Version']}" for metadata in described}
    return "\n".join(sorted(found, key=str.lower)) + "\n"


def environment() -> dict[str, str]:
    """Name what the result of a training hangs on beside its configuration and its data.

    Returns
    -------
    dict
        ``commit``; ``changes``, the SHA-256 of the uncommitted ones, empty without any; ``packages``, one on
        a line; ``python``; ``platform``; ``processor``.
    """
    code = running()
    changes = hashlib.sha256(code.difference.encode()).hexdigest() if code.difference else ""
    return {
        "commit": code.commit,
        "changes": changes,
        "packages": packages(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
    }


def machine(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Say which machine, user, interpreter and scheduler job this process belongs to."""
    job = next((f"{name}={environment[name]}" for name in _JOB_VARIABLES if environment.get(name)), "none")
    return {
        "host": platform.node(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "cpus": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "scheduler_job": job,
        "mlflow.user": _user(),
    }


def _processor() -> str:
    """Give the name of the processor: other types round otherwise."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an id without a name, as in a container
        return str(os.getuid())
