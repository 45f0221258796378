#!/usr/bin/env python3
"""Delete Kubernetes Jobs, each NAMESPACE/NAME, with their pods."""

import subprocess
import sys

codes = [
    subprocess.run(["kubectl", "delete", "job", name, "-n", namespace, "--wait=false"]).returncode
    for namespace, name in (given.split("/") for given in sys.argv[1:])
]
sys.exit(max(codes, default=0))
