"""Which code is running: the commit that is checked out, and what was changed since."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import seqmill

UNKNOWN = "unknown"


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

    def __str__(self) -> str:
        """Give the commit, with ``+changes`` when the code is not what was committed."""
        return self.commit + ("+changes" if self.difference else "")


def git_state(folder: Path | None = None) -> GitState:
    """Give the state of the repository that holds the program, or `folder`.

    A program that was installed into a folder of another repository belongs to no commit.
    """
    where = folder or Path(seqmill.__file__).parent
    if folder is None and not _git(where, "ls-files", "--", Path(seqmill.__file__).name):
        return GitState(UNKNOWN, "")
    commit = _git(where, "rev-parse", "HEAD").strip()
    return GitState(commit or UNKNOWN, _git(where, "diff", "HEAD") if commit else "")


@lru_cache(maxsize=1)
def running() -> GitState:
    """Give the state of the running program's code as it was when first asked for."""
    return git_state()


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
