"""A small study made by the program's own verbs: two simulated individuals, two seeds, a report, calls."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seqmill.cli.main import main

HYDRA = Path(__file__).parents[2] / "config" / "hydra"
RESULTS = Path("results/tiny")
SIMULATION = """
seed: 3
contigs:
  a: { random: 6000 }
  b: { random: 6000 }
  c: { random: 6000 }
samples:
  ada: { contigs: [a, b], depth: 12, error_model: stutter }
  bo: { contigs: [c], depth: 12, error_model: stutter, delivery: bam }
"""
DELIVERED = {
    "ada": ["--fastq", "raw/ada/reads_R1.fastq.gz,raw/ada/reads_R2.fastq.gz"],
    "bo": ["--alignments", "raw/bo/reads.bam"],
}
PLAN = {
    "dataset": "tiny",
    "application": "small_variants",
    "options": {},
    "splits": {
        "train": {"samples": ["ada"], "contigs": ["a"]},
        "validation": {"samples": ["ada"], "contigs": ["b"]},
        "test": {"samples": ["bo"], "contigs": ["c"]},
    },
    "seed": 1,
    "region_batch": 100_000,
    "reference": "raw/reference.fa",
    "depths": {"ada": ["full"], "bo": ["full"]},
    "samples": {
        name: {
            "truth": f"raw/{name}/truth.vcf.gz",
            "confident": f"raw/{name}/confident.bed",
            "condition": "x",
        }
        for name in ("ada", "bo")
    },
    "evaluation": {"replicates": 50},
}


def seqmill(*arguments: object) -> int:
    """Run the command line in this process; give its exit code."""
    before = sys.argv
    sys.argv = ["seqmill", *map(str, arguments)]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.argv = before
    raise AssertionError("main returned")


def make_study() -> None:
    """Build the whole study in the working directory, as the workflow would."""
    Path("simulate.yaml").write_text(SIMULATION)
    (RESULTS / "plans").mkdir(parents=True)
    plan = RESULTS / "plans" / "scoring.json"
    plan.write_text(json.dumps(PLAN))
    made = [seqmill("simulate", "simulate.yaml", "--output", "raw")]
    for name, reads in DELIVERED.items():
        bam, report = RESULTS / f"reads/{name}.bam", RESULTS / f"reads/{name}.report.json"
        common = ["--reference", "raw/reference.fa", "--aligner", "mappy", "--sample", name]
        made.append(seqmill("reads", *common, *reads, "--output", bam, "--report", report))
        part = RESULTS / f"examples/{name}.0.parquet"
        told = ["--plan", plan, "--sample", name, "--batch", 0, "--read-report", report]
        made.append(seqmill("examples", *told, "--alignments", bam, "--output", part))
    parts, reports = sorted(RESULTS.glob("examples/*")), sorted(RESULTS.glob("reads/*.report.json"))
    told = ["--plan", plan, "--read-report", *reports, "--output-dir", RESULTS / "dataset"]
    made.append(seqmill("collect", "--part", *parts, *told))
    manifest = f"dataset.manifest={RESULTS}/dataset/manifest.json"
    for seed in (1, 2):
        options = ["experiment=scalars", f"seed={seed}", manifest, "trainer.epochs=2", "--config-dir", HYDRA]
        command = [sys.executable, "-m", "seqmill.cli.main", "train", *map(str, options)]
        made.append(subprocess.run(command, check=False).returncode)  # it ends its process when it is done
        run = RESULTS / f"runs/scalars/seed-{seed}"
        made.append(seqmill("evaluate", "--run", run, *SCORED, "--tracking-uri", STORE))
    runs = [RESULTS / f"runs/scalars/seed-{seed}" for seed in (1, 2)]
    shown = ["--manifest", RESULTS / "dataset/manifest.json", "--read-report", *reports]
    made.append(seqmill("compare", "--run", *runs, *shown, "--output-dir", RESULTS))
    options = ["--model", runs[0] / "checkpoint.ckpt", "--reads", RESULTS / "reads/bo.bam"]
    options += ["--reference", "raw/reference.fa", "--output", RESULTS / "predict/bo.vcf.gz"]
    made.append(seqmill("predict", *options))
    assert not any(made), made


STORE = f"sqlite:///{RESULTS}/mlflow.db"
SCORED = ["--manifest", RESULTS / "dataset/manifest.json", "--plan", RESULTS / "plans/scoring.json"]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    before = Path.cwd()
    os.chdir(folder)
    os.environ.pop("MLFLOW_TRACKING_URI", None)
    try:
        make_study()
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def study(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the study, as the working directory."""
    folder = shutil.copytree(made_once, tmp_path / "study", symlinks=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line; give its exit code and what it printed to stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = seqmill(*arguments)
        return (code, *capfd.readouterr())

    return run
