"""A training that is killed inside the workflow goes on with the next call, as if nothing had happened."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from seqmill.files import read_json
from seqmill.training.checkpoint import read_facts
from tests.workflow.conftest import ROOT, call_snakemake

pytestmark = pytest.mark.slow

CONFIG = "config/tiny/config.yaml"
RAW = "results/tiny/raw"
RUN = Path("results/tiny/runs/scalars/seed-1")
EPOCHS = 300
WAIT_S = 120
SETTINGS = {
    "dataset": "tiny",
    "application": "small_variants",
    "simulate": "config/tiny/simulate.yaml",
    "reference": f"{RAW}/reference.fa",
    "samples": "config/tiny/samples.tsv",
    "experiments": "config/tiny/experiments.tsv",
    "splits": {
        "train": {"samples": ["ada"], "contigs": ["a"]},
        "validation": {"samples": ["ada"], "contigs": ["b"]},
        "test": {"samples": ["ada"], "contigs": ["c"]},
    },
}
SIMULATION = {
    "seed": 3,
    "contigs": {name: {"random": 6000} for name in "abc"},
    "samples": {"ada": {"contigs": ["a", "b", "c"], "depth": 12, "delivery": "bam"}},
}
SAMPLES = {
    "sample": "ada",
    "lane": "",
    "fastq_1": "",
    "fastq_2": "",
    "alignments": f"{RAW}/ada/reads.bam",
    "truth": f"{RAW}/ada/truth.vcf.gz",
    "confident": f"{RAW}/ada/confident.bed",
    "condition": "x",
}


@pytest.fixture
def ready(tmp_path):
    """A folder in which all that comes before the training is done."""
    folder = tmp_path / "whole"
    tiny = folder / "config/tiny"
    tiny.mkdir(parents=True)
    (folder / "config/hydra").symlink_to(ROOT / "config/hydra")
    (tiny / "config.yaml").write_text(json.dumps(SETTINGS))
    (tiny / "simulate.yaml").write_text(json.dumps(SIMULATION))
    (tiny / "samples.tsv").write_text("\t".join(SAMPLES) + "\n" + "\t".join(SAMPLES.values()) + "\n")
    overrides = f"trainer.epochs={EPOCHS} trainer.early_stopping_patience=0"
    (tiny / "experiments.tsv").write_text(f"experiment\tseed\trole\toverrides\nscalars\t1\t\t{overrides}\n")
    before = [f"results/tiny/{name}" for name in ("dataset/manifest.json", "tracking.json")]
    call_snakemake(folder, "--cores", "1", "--", *before, config=CONFIG)
    return folder


class Call:
    """A call of the workflow that can be killed."""

    def __init__(self, folder):
        self._states = folder / "results/tiny/state"
        began = time.time()
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--cores", "1"]
        command += ["--directory", str(folder), "--configfile", str(folder / CONFIG)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
        self._process = subprocess.Popen(
            [*command, "--", str(RUN / "metrics.json")],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        ends = time.monotonic() + WAIT_S
        while not self._has_saved_since(began):
            assert self._process.poll() is None and time.monotonic() < ends, self.end()
            time.sleep(0.02)

    def _has_saved_since(self, began):
        return any(path.stat().st_mtime > began for path in self._states.glob("*/last.ckpt"))

    def kill_training(self):
        """SIGKILL to the process that trains, as the out-of-memory killer sends it."""
        (training,) = [
            process
            for process in psutil.Process(self._process.pid).children(recursive=True)
            if process.cmdline()[2:3] == ["train"]
        ]
        training.kill()

    def terminate_all(self):
        """SIGTERM to Snakemake and all that it started, as a scheduler or a container sends it."""
        os.killpg(self._process.pid, signal.SIGTERM)

    def terminate_snakemake(self):
        """SIGTERM to Snakemake alone."""
        self._process.terminate()

    def end(self):
        """Wait for the end; give what was said."""
        said, _ = self._process.communicate(timeout=WAIT_S)
        assert self._process.returncode != 0, said
        return said


def ask(folder, question):
    store = sqlite3.connect(folder / "results/tiny/mlflow.db")
    try:
        return store.execute(question).fetchall()
    finally:
        store.close()


def statuses(folder):
    return [status for (status,) in ask(folder, "select status from runs")]


def history(folder):
    """Give steps and values of each metric that does not tell a time or speed."""
    rows = ask(folder, "select key, step, value from metrics where key not like 'system/%' order by 1, 2")
    timed = {"examples_per_s", "seconds", "loader_wait"}
    return [(key, step, 0.0 if key in timed else value) for key, step, value in rows]


def test_the_next_call_goes_on_and_ends_with_the_same_bits(ready, tmp_path):
    killed = tmp_path / "killed"
    shutil.copytree(ready, killed, symlinks=True)
    call_snakemake(ready, "--cores", "1", "--", str(RUN / "metrics.json"), config=CONFIG)

    call = Call(killed)
    call.kill_training()
    assert "Error in rule train" in call.end()
    assert statuses(killed) == ["KILLED"]
    assert not (killed / RUN / "checkpoint.ckpt").exists()

    call = Call(killed)
    call.terminate_all()
    call.end()
    assert statuses(killed) == ["KILLED"]
    assert not (killed / RUN / "checkpoint.ckpt").exists()

    call = Call(killed)
    assert statuses(killed) == ["RUNNING"]
    call.terminate_snakemake()  # which starts nothing more, and waits for what runs
    call.end()
    assert statuses(killed) == ["FINISHED"]
    assert not (killed / RUN / "metrics.json").exists()

    call_snakemake(killed, "--cores", "1", "--", str(RUN / "metrics.json"), config=CONFIG)
    assert statuses(killed) == ["FINISHED"]
    assert read_json(killed / RUN / "train.json")["attempts"] == 3
    facts = [read_facts(folder / RUN / "checkpoint.ckpt") for folder in (ready, killed)]
    assert facts[0]["weights_digest"] == facts[1]["weights_digest"]
    scores = [read_json(folder / RUN / "metrics.json")["metrics"] for folder in (ready, killed)]
    assert scores[0] == scores[1]
    assert [step for key, step, _ in history(killed) if key == "epoch"] == [
        step for key, step, _ in history(ready) if key == "epoch"
    ]
    assert len({row[:2] for row in history(killed)}) == len(history(killed))
    assert history(killed) == history(ready)
