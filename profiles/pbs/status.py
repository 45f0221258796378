#!/usr/bin/env python3
"""Say of a PBS job whether it is running, success or failed.

The exit code that the job wrote decides. A job that the scheduler does not know or has finished, and that
wrote none, was killed. A scheduler that does not answer says nothing of the job, so it counts as running.
"""

import subprocess
import sys
import time
from pathlib import Path

# Seconds in which a shared file system shows the exit code
WAIT = float(sys.argv[2]) if len(sys.argv) > 2 else 30
GONE = ("Unknown Job Id", "has finished")
job = sys.argv[1]
written = Path(".snakemake", "pbs", f"{job}.exit")


def is_gone() -> bool:
    """Say whether the scheduler answers and the job is neither waiting nor running."""
    asked = subprocess.run(["qstat", job], capture_output=True, text=True)
    if asked.returncode:
        return any(said in asked.stderr for said in GONE)
    rows = [line.split() for line in asked.stdout.splitlines()]
    return any(row[4] in "CF" for row in rows if len(row) > 4 and row[0].split(".")[0] == job.split(".")[0])


def verdict() -> str:
    """Give the word that Snakemake waits for."""
    if not written.exists():
        if not is_gone():
            return "running"
        end = time.monotonic() + WAIT
        while not written.exists() and time.monotonic() < end:
            time.sleep(1)
            list(written.parent.glob("*.exit"))  # has NFS look again
    return "success" if written.exists() and written.read_text().strip() == "0" else "failed"


print(verdict())
