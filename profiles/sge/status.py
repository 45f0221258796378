#!/usr/bin/env python3
"""Say of a Grid Engine job whether it is running, success or failed.

The exit code that the job wrote decides. A job that the scheduler does not know and that wrote none was
killed. A scheduler that does not answer says nothing of the job, so the job counts as running.
"""

import subprocess
import sys
import time
from pathlib import Path

# Seconds in which a shared file system shows the exit code
WAIT = float(sys.argv[2]) if len(sys.argv) > 2 else 30
job = sys.argv[1]
written = Path(".snakemake", "sge", f"{job}.exit")


def state() -> str | None:
    """Give the letters of the job's state, none for a job that is gone, ``?`` without an answer."""
    asked = subprocess.run(["qstat"], capture_output=True, text=True)
    if asked.returncode:
        return "?"
    rows = [line.split() for line in asked.stdout.splitlines()]
    return next((row[4] for row in rows if len(row) > 4 and row[0] == job), None)


def verdict() -> str:
    """Give the word that Snakemake waits for."""
    if not written.exists():
        letters = state()
        if letters is not None and "E" not in letters:
            return "running"
        end = time.monotonic() + WAIT * (letters is None)
        while not written.exists() and time.monotonic() < end:
            time.sleep(1)
            list(written.parent.glob("*.exit"))  # has NFS look again
    return "success" if written.exists() and written.read_text().strip() == "0" else "failed"


print(verdict())
