"""Where a run comes from: code, packages, machine, job."""

import getpass
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import seqmill

_JOB_VARIABLES = ("SLURM_JOB_ID", "LSB_JOBID", "PBS_JOBID", "JOB_ID")


@dataclass(frozen=True)
class GitState:
    """The code's state.

    Attributes
    ----------
    commit : str
        Commit checked out; ``unknown`` outside a repository.
    difference : str
        Uncommitted changes to tracked files as a patch, empty when there are none.
    """

    commit: str
    difference: str


def git_state(folder: Path | None = None) -> GitState:
    """Give the state of the repository that holds the program, or `folder`."""
    where = folder or Path(seqmill.__file__).parent
    commit = _git(where, "rev-parse", "HEAD").strip()
    return GitState(commit or "unknown", _git(where, "diff", "HEAD") if commit else "")


def packages() -> str:
    """List the installed packages with their versions, one on a line, sorted."""
    found = {f"{found.metadata['Name']}=={found.version}" for found in distributions()}
    return "\n".join(sorted(found, key=str.lower)) + "\n"


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


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an id without a name, as in a container
        return str(os.getuid())
