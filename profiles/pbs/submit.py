#!/usr/bin/env python3
"""Submit one Snakemake job to PBS and print its id.

Reads the job's facts from the line ``# properties = {...}`` that Snakemake writes into every job script.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

LOGS = Path(".snakemake", "pbs").resolve()
JOB = """\
cd {here}
exec > {logs}/$PBS_JOBID.log 2>&1
sh {script}
echo $? > {logs}/$PBS_JOBID.part && mv {logs}/$PBS_JOBID.part {logs}/$PBS_JOBID.exit
"""

script = Path(sys.argv[-1]).resolve()
facts = next(line for line in script.read_text().splitlines() if line.startswith("# properties = "))
job = json.loads(facts.removeprefix("# properties = "))
wanted = job["resources"]

chunk = f"select=1:ncpus={job['threads']}:mem={wanted['mem_mb']}mb"
chunk += f":ngpus={wanted['gpu']}" if wanted.get("gpu") else ""
hours, minutes = divmod(wanted["runtime"], 60)
command = ["qsub", "-V", "-r", "n", "-j", "oe", "-o", os.devnull, "-S", "/bin/sh"]
command += ["-N", f"seqmill.{job.get('rule') or 'group'}"[:15], "-q", wanted["pbs_queue"]]
command += ["-l", chunk, "-l", f"walltime={hours}:{minutes:02d}:00"]
command += ["-A", wanted["pbs_account"]] if wanted.get("pbs_account") else []
LOGS.mkdir(parents=True, exist_ok=True)
here, logs, quoted = (shlex.quote(str(path)) for path in (Path.cwd(), LOGS, script))
text = JOB.format(here=here, logs=logs, script=quoted)
done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True)
print(done.stdout.strip())
sys.exit(done.returncode)
