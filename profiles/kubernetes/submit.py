#!/usr/bin/env python3
"""Submit one Snakemake job as a Kubernetes Job and print its name.

Reads the job's facts from the line ``# properties = {...}`` that Snakemake writes into every job script. The
script and the working directory lie on the volume that is mounted at the same place here and in the pod.
"""

import json
import shlex
import subprocess
import sys
from pathlib import Path

LOGS = Path(".snakemake", "kubernetes").resolve()
POD = "sh {script} > {logs}/$JOB.log 2>&1; echo $? > {logs}/$JOB.part; mv {logs}/$JOB.part {logs}/$JOB.exit"

script = Path(sys.argv[-1]).resolve()
facts = next(line for line in script.read_text().splitlines() if line.startswith("# properties = "))
job = json.loads(facts.removeprefix("# properties = "))
wanted = job["resources"]

asked = {"cpu": str(job["threads"]), "memory": f"{wanted['mem_mb']}M"}
if wanted.get("gpu"):
    asked |= {f"{wanted['gpu_manufacturer']}.com/gpu": str(wanted["gpu"])}
name = {"fieldRef": {"fieldPath": "metadata.labels['job-name']"}}
container = {
    "name": "seqmill",
    "image": wanted["k8s_image"],
    "command": ["/bin/sh", "-c"],
    "args": [POD.format(script=shlex.quote(str(script)), logs=shlex.quote(str(LOGS)))],
    "workingDir": str(Path.cwd()),
    "env": [{"name": "JOB", "valueFrom": name}],
    "resources": {"requests": asked, "limits": asked},
    "volumeMounts": [{"name": "data", "mountPath": wanted["k8s_mount"]}],
}
pod = {
    "restartPolicy": "Never",  # retrying belongs to Snakemake alone
    "nodeSelector": {"pool": wanted["k8s_pool"]},
    "containers": [container],
    "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": wanted["k8s_claim"]}}],
}
manifest = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"generateName": "seqmill-", "namespace": wanted["k8s_namespace"]},
    "spec": {
        "backoffLimit": 0,
        "activeDeadlineSeconds": wanted["runtime"] * 60,
        "template": {"spec": pod},
    },
}
LOGS.mkdir(parents=True, exist_ok=True)
create = ["kubectl", "create", "-f", "-", "-o", "jsonpath={.metadata.namespace}/{.metadata.name}"]
done = subprocess.run(create, input=json.dumps(manifest), stdout=subprocess.PIPE, text=True)
print(done.stdout.strip())
sys.exit(done.returncode)
