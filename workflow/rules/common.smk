import os
import re
import shutil
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from seqmill.errors import SeqmillError
from seqmill.node import on_node
from seqmill.plan.addresses import Addresses
from seqmill.plan.plan import load_plan

WORKFLOW = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent

SOURCE = ", ".join(map(os.path.relpath, workflow.configfiles))

try:
    PLAN = load_plan(
        config,
        schemas=WORKFLOW / "schemas",
        source=SOURCE,
        addresses=Addresses(storage, fetches=workflow.is_main_process),
    )
except SeqmillError as error:
    raise WorkflowError(f"{error}{on_node()}")

shell.prefix(f"set -euo pipefail; export PATH={Path(sys.executable).parent}:$PATH; ")

OUT = PLAN.results
LOGS = f"{OUT}/logs"
RENAME = (
    f"--rename-contigs {PLAN.config['rename_contigs']}"
    if PLAN.config["rename_contigs"]
    else ""
)
DOCUMENTS = PLAN.documents()
REFERENCE = PLAN.config["reference"]
MANIFEST = f"{OUT}/dataset/manifest.json"
BASELINES = [
    name
    for name in PLAN.config["baselines"]
    if name != "freebayes" or shutil.which("freebayes")
]
RUNS = {
    role: [f"{OUT}/runs/{name}/seed-{seed}" for name, seed in PLAN.runs_as(role)]
    for role in ("model", "baseline")
}
SWEEPS = [f"{OUT}/plans/sweeps.json"] if PLAN.sweeps else []
ENSEMBLES = [f"{OUT}/ensembles/{name}" for name in [*PLAN.ensembles, *PLAN.mixtures]]
APPLICATION = PLAN.application
FROM_SEQUENCE = APPLICATION.predicts == "sequence"
STAGED, INDEX = PLAN.staged
FOLDER, EXAMINED, EXAMINED_INDEX = PLAN.examined
READS = f"{OUT}/raw" if PLAN.config["profiles"] else f"{OUT}/reads"
PREDICTED = PLAN.prediction_endings
PREDICTIONS = [f"{OUT}/predict/{name}{PREDICTED[0]}" for name in PLAN.config["predict"]]
SAMPLES = list(
    dict.fromkeys(
        [*PLAN.split_samples, *([] if FROM_SEQUENCE else PLAN.config["predict"])]
    )
)
SCORED = [
    name
    for name in SAMPLES
    if any(name in PLAN.splits.samples(split) for split in ("validation", "test"))
]
LABELS = [path for name in SCORED for path in PLAN.samples[name].labels.values()]


wildcard_constraints:
    sample="|".join(map(re.escape, PLAN.samples)),
    predicted="|".join(map(re.escape, PLAN.config["predict"])) or "none",
    experiment="|".join(map(re.escape, PLAN.experiments)),
    document="|".join(map(re.escape, DOCUMENTS)),
    baseline="|".join(map(re.escape, PLAN.config["baselines"])) or "none",
    batch=r"\d+",
    seed=r"\d+",


def parts():
    return [
        f"{OUT}/examples/{name}.{batch}.parquet"
        for name in PLAN.split_samples
        for batch in range(PLAN.batches(name))
    ]


def reads_option(wildcards):
    sample = PLAN.samples[wildcards.sample]
    if sample.alignments:
        return f"--alignments {sample.alignments}"
    if sample.kind != "alignments":
        return f"--{sample.kind} {sample.reads[0]}"
    return " ".join(f"--fastq {','.join(lane)}" for lane in sample.fastq)


def predicted_from(wildcards):
    """Give the options that say what a prediction is made of."""
    if FROM_SEQUENCE:
        places = [f" --regions {path}" for path in PLAN.predicted_places]
        contigs = " ".join(PLAN.predicted_contigs(wildcards.predicted))
        return f"--contig {contigs}{''.join(places)}"
    name = wildcards.predicted
    blocks = " --gvcf" if PLAN.config["gvcf"] else ""
    return f"--reads {OUT}/reads/{name}.{STAGED} --sample {name}{blocks}"


def launcher(wildcards, threads, resources):
    """Give what starts a training: the profile's srun where it gives the rule several tasks, else nothing."""
    if not resources.get("mpi"):
        return ""
    each = resources.tasks // resources.get("nodes", 1)
    return (
        f"{resources.mpi} --nodes={resources.get('nodes', 1)} --ntasks={resources.tasks}"
        f" --ntasks-per-node={each} --cpus-per-task={threads}"
    )


def processes(wildcards, resources):
    """Give the options that say how many processes train together; none leaves it to the hardware."""
    nodes = resources.get("nodes", 1)
    tasks = resources.get("tasks", 1)
    count = tasks if resources.get("mpi") or tasks > 1 else resources.get("gpu", 0)
    return f"--nodes {nodes} --devices {count // nodes}" if count else ""


def scratch(wildcards, resources):
    """Give the option that names the node's own disk, in double quotes, so that the node fills in variables."""
    folder = resources.get("scratch")
    return f'--scratch "{folder}"' if folder else ""


def tidy():
    """Set runs KILLED that could not say so themselves; where none was stopped, start nothing."""
    states = Path(OUT, "state")
    runs = {run for role in RUNS for run in PLAN.runs_as(role)}
    stores = {PLAN.run_tracking_uri(name, seed) for name, seed in runs}
    reached = sorted(
        uri
        for uri in stores
        if not uri.startswith("sqlite:///")
        or Path(uri.removeprefix("sqlite:///")).is_file()
    )
    if reached and any(states.glob("*/run.json")):
        shell(
            f"seqmill tracking tidy --idle-only --state-dir {states}"
            f" --tracking-uri {' '.join(reached)} || true"
        )
