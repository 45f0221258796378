"""The scripts of the profiles for Grid Engine, PBS and Kubernetes, against fake schedulers on the PATH."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflow.conftest import ROOT

PROFILES = ROOT / "profiles"
RESOURCES = {
    "sge": {"sge_queue": "gpu.q", "sge_parallel": "smp", "sge_project": "lab"},
    "pbs": {"pbs_queue": "gpu", "pbs_account": "lab"},
    "kubernetes": {
        "k8s_pool": "gpu",
        "k8s_namespace": "lab",
        "k8s_claim": "common",
        "k8s_mount": "/data",
        "k8s_image": "seqmill:1",
        "gpu_manufacturer": "nvidia",
    },
}
Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a shell script of a name on the PATH; the working directory is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def write(name: str, text: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)

    return write


def call(profile: str, script: str, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROFILES / profile / script), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def job_script(profile: str, **changes: Any) -> str:
    resources = {"mem_mb": 16000, "runtime": 90, "gpu": 1} | RESOURCES[profile]
    facts = {"type": "single", "rule": "train", "threads": 8, "resources": resources} | changes
    path = Path("job.sh")
    path.write_text(f"#!/bin/sh\n# properties = {json.dumps(facts)}\necho trained\nexit 75\n")
    return str(path)


RECORD = 'printf "%s\\n" "$@" > asked; cat > script; echo '


def test_grid_engine_is_asked_for_slots_memory_of_a_slot_and_seconds(program: Program):
    program("qsub", RECORD + "17")
    assert call("sge", "submit.py", job_script("sge")).stdout == "17\n"
    asked = " ".join(Path("asked").read_text().split())
    assert "-l h_vmem=2000M,h_rt=5400,gpu=1" in asked
    assert "-pe smp 8" in asked
    assert "-q gpu.q" in asked
    assert "-P lab" in asked
    assert "-r n" in asked
    assert "-N seqmill.train" in asked


def test_pbs_is_asked_for_one_chunk_and_wall_time(program: Program):
    program("qsub", RECORD + "17.head")
    assert call("pbs", "submit.py", job_script("pbs")).stdout == "17.head\n"
    asked = " ".join(Path("asked").read_text().split())
    assert "-l select=1:ncpus=8:mem=16000mb:ngpus=1 -l walltime=1:30:00" in asked
    assert "-q gpu" in asked
    assert "-A lab" in asked
    assert "-r n" in asked


def test_kubernetes_is_given_a_job_that_mounts_the_volume_and_never_starts_again(program: Program):
    program("kubectl", RECORD + "lab/seqmill-x1")
    assert call("kubernetes", "submit.py", job_script("kubernetes")).stdout == "lab/seqmill-x1\n"
    job = json.loads(Path("script").read_text())
    assert job["metadata"]["namespace"] == "lab"
    assert job["spec"]["backoffLimit"] == 0
    assert job["spec"]["activeDeadlineSeconds"] == 5400
    pod = job["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert pod["nodeSelector"] == {"pool": "gpu"}
    assert pod["volumes"][0]["persistentVolumeClaim"] == {"claimName": "common"}
    container = pod["containers"][0]
    assert container["resources"]["limits"] == {"cpu": "8", "memory": "16000M", "nvidia.com/gpu": "1"}
    assert container["volumeMounts"] == [{"name": "data", "mountPath": "/data"}]
    assert container["workingDir"] == str(Path.cwd())


@pytest.mark.parametrize("profile", ["sge", "pbs"])
def test_a_group_without_gpus_is_submitted_too(program: Program, profile: str):
    program("qsub", RECORD + "18")
    script = job_script(profile, rule=None, type="group", threads=1, resources=_without_gpu(profile))
    assert call(profile, "submit.py", script).stdout == "18\n"
    asked = Path("asked").read_text()
    assert "seqmill.group" in asked
    assert "gpu=" not in asked
    assert "ngpus" not in asked
    assert "-pe" not in asked


def _without_gpu(profile: str) -> dict[str, Any]:
    return {"mem_mb": 2000, "runtime": 10} | RESOURCES[profile]


@pytest.mark.parametrize("profile", ["sge", "pbs"])
def test_what_qsub_refuses_is_passed_on(program: Program, profile: str):
    program("qsub", 'echo "no such queue" >&2; exit 3')
    done = call(profile, "submit.py", job_script(profile))
    assert done.returncode == 3
    assert "no such queue" in done.stderr


@pytest.mark.parametrize(("profile", "variable"), [("sge", "JOB_ID"), ("pbs", "PBS_JOBID")])
def test_the_job_leaves_its_log_and_its_exit_code(program: Program, profile: str, variable: str):
    program("qsub", RECORD + "17")
    call(profile, "submit.py", job_script(profile))
    subprocess.run(["sh", "script"], env={**os.environ, variable: "17"}, check=False)
    assert Path(f".snakemake/{profile}/17.log").read_text() == "trained\n"
    assert Path(f".snakemake/{profile}/17.exit").read_text() == "75\n"


def test_the_pod_leaves_its_log_and_its_exit_code(program: Program):
    program("kubectl", RECORD + "lab/x1")
    call("kubernetes", "submit.py", job_script("kubernetes"))
    container = json.loads(Path("script").read_text())["spec"]["template"]["spec"]["containers"][0]
    command = [*container["command"], *container["args"]]
    subprocess.run(command, env={**os.environ, "JOB": "x1"}, check=False)
    assert Path(".snakemake/kubernetes/x1.log").read_text() == "trained\n"
    assert Path(".snakemake/kubernetes/x1.exit").read_text() == "75\n"


SGE_ROW = "printf 'job-ID prior name user state\\n-----\\n 17 0.5 seqmill me {} 11/27/2026 1\\n'"
PBS_ROW = "printf 'Job id Name User Time Use S Queue\\n---- ----\\n17.head seqmill me 00:01 {} cpu\\n'"

# scheduler's answer, exit code the job wrote (None: none), what Snakemake is told
STATES = {
    "sge": [
        ("exit 1", "0", "success"),
        ("exit 1", "75", "failed"),
        ("exit 1", None, "running"),  # the scheduler does not answer
        (SGE_ROW.format("qw"), None, "running"),
        (SGE_ROW.format("r"), None, "running"),
        (SGE_ROW.format("Eqw"), None, "failed"),
        (":", None, "failed"),  # killed: neither known nor ended by itself
    ],
    "pbs": [
        ("exit 1", "0", "success"),
        ("exit 1", "75", "failed"),
        ("echo 'cannot connect to server' >&2; exit 111", None, "running"),
        (PBS_ROW.format("Q"), None, "running"),
        (PBS_ROW.format("R"), None, "running"),
        (PBS_ROW.format("E"), None, "running"),
        (PBS_ROW.format("F"), None, "failed"),
        ("echo 'qstat: Unknown Job Id 17.head' >&2; exit 153", None, "failed"),
        ("echo 'qstat: 17.head Job has finished' >&2; exit 35", None, "failed"),
    ],
    "kubernetes": [
        ("exit 1", "0", "success"),
        ("exit 1", "75", "failed"),
        ("echo 'Unable to connect to the server' >&2; exit 1", None, "running"),
        (":", None, "running"),
        ("echo 1", None, "failed"),
        ("echo 'Error from server (NotFound): jobs not found' >&2; exit 1", None, "failed"),
    ],
}
IDS = {"sge": "17", "pbs": "17.head", "kubernetes": "lab/17"}


@pytest.mark.parametrize(
    ("profile", "answer", "code", "wanted"),
    [(profile, *state) for profile, states in STATES.items() for state in states],
)
def test_states(program: Program, profile: str, answer: str, code: str | None, wanted: str):
    program("kubectl" if profile == "kubernetes" else "qstat", answer)
    logs = Path(".snakemake", profile)
    logs.mkdir(parents=True)
    if code is not None:
        (logs / f"{IDS[profile].removeprefix('lab/')}.exit").write_text(f"{code}\n")
    done = call(profile, "status.py", IDS[profile], "0")
    assert (done.stdout, done.returncode) == (f"{wanted}\n", 0), done.stderr


def test_cancelling_deletes_each_job_in_its_namespace(program: Program):
    program("kubectl", 'echo "$@" >> asked; [ "$3" != b ]')
    done = call("kubernetes", "cancel.py", "lab/a", "lab/b", "other/c")
    lines = Path("asked").read_text().splitlines()
    assert [line.split()[:5] for line in lines] == [
        ["delete", "job", "a", "-n", "lab"],
        ["delete", "job", "b", "-n", "lab"],
        ["delete", "job", "c", "-n", "other"],
    ]
    assert done.returncode == 1


SNAKEFILE = """
rule all:
    input: "all.txt"
rule simulate:
    output: "made.{n}.txt"
    shell: "echo {wildcards.n} > {output}"
rule examples:
    input: "made.{n}.txt"
    output: "part.{n}.txt"
    shell: "cat {input} {input} > {output}"
rule collect:
    input: expand("part.{n}.txt", n=range(3))
    output: "all.txt"
    params: memory=lambda wildcards, resources: resources.mem_mb
    shell: "[ -e tried ] || {{ touch tried; exit 75; }}; (cat {input}; echo {params.memory}) > {output}"
"""

CONTAINER = "['spec']['template']['spec']['containers'][0]['args'][0]"
# Each runs the job at once, in the background, as the scheduler's node would
FAKES = {
    "sge": ("qsub", "n=$(date +%N); cat > job.$n; JOB_ID=$n sh job.$n >/dev/null 2>&1 & echo $n"),
    "pbs": ("qsub", "n=$(date +%N).head; cat > job.$n; PBS_JOBID=$n sh job.$n >/dev/null 2>&1 & echo $n"),
    "kubernetes": (
        "kubectl",
        '[ "$1" = create ] || exit 0; n=$(date +%N); '
        f'python3 -c "import json, sys; print(json.load(sys.stdin){CONTAINER})" > job.$n; '
        "JOB=$n sh job.$n >/dev/null 2>&1 & echo lab/$n",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("profile", list(FAKES))
def test_a_workflow_runs_through_a_fake_scheduler(program: Program, tmp_path: Path, profile: str):
    name, text = FAKES[profile]
    program(name, f"{text}\necho submitted >> submissions")
    program("qstat", "exit 1")
    given = yaml.safe_load((PROFILES / profile / "config.yaml").read_text())
    own = tmp_path / "profile"
    own.mkdir()
    for script in (PROFILES / profile).glob("*.py"):
        (own / script.name).write_bytes(script.read_bytes())
        (own / script.name).chmod(0o755)
    for key in ("set-resources", "set-threads"):
        given[key] = {rule: facts for rule, facts in given[key].items() if rule in ("examples", "collect")}
    given |= {"seconds-between-status-checks": 1, "latency-wait": 5}
    (own / "config.yaml").write_text(yaml.safe_dump(given))
    Path("Snakefile").write_text(SNAKEFILE)
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", str(own)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # collect ended with 75 at first, and was submitted again with the memory of the second attempt
    assert Path("all.txt").read_text().split() == ["0", "0", "1", "1", "2", "2", "32000"]
    # three makers, one group of three examples, and collect twice
    assert len(Path("submissions").read_text().splitlines()) == 6
