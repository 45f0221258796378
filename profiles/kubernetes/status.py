#!/usr/bin/env python3
"""Say of a Kubernetes Job, NAMESPACE/NAME, whether it is running, success or failed.

The exit code that the pod wrote decides; a Job that failed or is gone and wrote none was killed. A cluster
that does not answer says nothing of the job, so the job counts as running.
"""

import subprocess
import sys
from pathlib import Path

namespace, job = sys.argv[1].split("/")
written = Path(".snakemake", "kubernetes", f"{job}.exit")


def is_lost() -> bool:
    """Say whether the cluster answers that the Job failed or that there is none."""
    failed = ["-o", "jsonpath={.status.failed}"]
    asked = subprocess.run(
        ["kubectl", "get", "job", job, "-n", namespace, *failed], capture_output=True, text=True
    )
    return "NotFound" in asked.stderr if asked.returncode else asked.stdout.strip() not in ("", "0")


def verdict() -> str:
    """Give the word that Snakemake waits for."""
    if not written.exists() and not is_lost():
        return "running"
    return "success" if written.exists() and written.read_text().strip() == "0" else "failed"


print(verdict())
