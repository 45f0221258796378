#!/usr/bin/env python3
"""Submit one Snakemake job to Grid Engine and print its id.

Reads the job's facts from the line ``# properties = {...}`` that Snakemake writes into every job script.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

LOGS = Path(".snakemake", "sge").resolve()
JOB = """\
exec > {logs}/$JOB_ID.log 2>&1
trap '' XCPU USR1 USR2
sh {script}
echo $? > {logs}/$JOB_ID.part && mv {logs}/$JOB_ID.part {logs}/$JOB_ID.exit
"""

script = Path(sys.argv[-1]).resolve()
facts = next(line for line in script.read_text().splitlines() if line.startswith("# properties = "))
job = json.loads(facts.removeprefix("# properties = "))
threads, wanted = job["threads"], job["resources"]

limits = [f"h_vmem={-(-wanted['mem_mb'] // threads)}M"]  # of one slot
limits += [f"h_rt={wanted['runtime'] * 60}"]  # seconds
limits += [f"gpu={wanted['gpu']}"] if wanted.get("gpu") else []
command = ["qsub", "-terse", "-cwd", "-V", "-r", "n", "-j", "y", "-o", os.devnull, "-S", "/bin/sh"]
command += ["-N", f"seqmill.{job.get('rule') or 'group'}", "-q", wanted["sge_queue"], "-l", ",".join(limits)]
command += ["-pe", wanted["sge_parallel"], str(threads)] if threads > 1 else []
command += ["-P", wanted["sge_project"]] if wanted.get("sge_project") else []
LOGS.mkdir(parents=True, exist_ok=True)
text = JOB.format(logs=shlex.quote(str(LOGS)), script=shlex.quote(str(script)))
done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True)
print(done.stdout.strip())
sys.exit(done.returncode)
