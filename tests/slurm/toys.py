"""A workflow whose dataset is there already, and whose training lasts as long as a story needs."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from seqmill.files import read_json
from tests.slurm.cluster import Cluster
from tests.slurm.conftest import Snakemake
from tests.training import toy
from tests.training.conftest import GROUPS

EXAMPLES, BATCH = 90, 10
SAVE_EVERY_S = 2.0
STEPS_AN_EPOCH = EXAMPLES // BATCH
HERE = Path(__file__).parent
CONFIG = """
dataset: toys
application: toy
reference: reference.fa
samples: config/samples.tsv
experiments: config/experiments.tsv
splits:
  train: {{ samples: [ada], contigs: [c1] }}
  validation: {{ samples: [bo], contigs: [c2] }}
  test: {{ samples: [cy], contigs: [c3] }}
tracking: {{ uri: "{uri}" }}
"""
RUN = "results/toys/runs/plain/seed-1"
WAIT_S = 240.0


class Toys(Snakemake):
    """One training of the toy through the workflow; no other rule is needed, as its dataset is there.

    Parameters
    ----------
    cluster : Cluster
        Where it is submitted.
    folder : Path
        The working directory, made here.
    epochs : int
        Epochs of nine steps.
    step_s : float
        Seconds of a step, when it runs on the cluster.
    uri : str
        Tracking store; a SQLite file in `folder` unless given.
    environment : dict
        Further variables of the jobs.
    options : Any
        Further options of `Snakemake`.
    """

    target = (f"{RUN}/checkpoint.ckpt", "--allowed-rules", "train", "compose", "tracking")

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        *,
        epochs: int,
        step_s: float,
        uri: str = "",
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        self.epochs = epochs
        self.uri = uri or f"sqlite:///{folder}/results/toys/mlflow.db"
        self._journal = folder / "journal"
        self._options = [f"trainer.epochs={epochs}", f"trainer.batch_size={BATCH}"]
        self._options.append("trainer.early_stopping_patience=0")
        self._write(folder, self._options)
        path = os.pathsep.join([str(folder / "plugin"), *filter(None, [os.environ.get("PYTHONPATH")])])
        given = {
            "TOY_STEP_S": str(step_s),
            "TOY_JOURNAL": str(self._journal),
            "TOY_SAVE_EVERY_S": str(SAVE_EVERY_S),
            "PYTHONPATH": path,
        }
        given |= environment or {}
        (folder / "config" / "config.yaml").write_text(CONFIG.format(uri=self.uri))
        super().__init__(cluster, folder, "config/config.yaml", environment=given, **options)

    def train(self, *args: str, fails: bool = False) -> str:
        """Train through the workflow; give what Snakemake printed."""
        return self(*self.target, *args, fails=fails)

    @property
    def journal(self) -> list[tuple[str, int]]:
        """Node and number of each step that was begun, in order."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [(node, int(step)) for node, step in (line.split("\t") for line in lines)]

    def wait_for_step(self, step: int) -> str:
        """Wait until a step was begun; give the node."""
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            if found := [node for node, known in self.journal if known >= step]:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"step {step} was not reached; jobs: {self.jobs()}")

    @property
    def record(self) -> dict[str, Any]:
        """What the training says about itself."""
        return read_json(self.workdir / RUN / "train.json")

    def weights(self) -> dict[str, torch.Tensor]:
        """Give the weights of the finished training."""
        return _weights(self.workdir / RUN)

    def weights_in_one_go(self) -> dict[str, torch.Tensor]:
        """Train the same on this machine, without a pause; give the weights."""
        alone = self.workdir / "alone"
        alone.mkdir()
        store = ["--tracking-uri", f"sqlite:///{alone}/mlflow.db"]
        given = {"TOY_STEP_S": "0", "TOY_KILLED_AT": "", "TOY_JOURNAL": str(alone / "journal")}
        train = ["train", "experiment=plain", "seed=1", *self._options, "--threads", "1"]
        train += ["dataset.manifest=results/toys/dataset/manifest.json", "--output", str(alone)]
        for command in (
            ["tracking", "init", "--experiment", "seqmill", "--output", str(alone / "store.json")],
            [*train, "--state-dir", str(alone / "state")],
        ):
            program = [sys.executable, "-m", "seqmill.cli.main", *command, *store]
            subprocess.run(program, check=True, env=self._environment | given, cwd=self.workdir)
        return _weights(alone)

    def runs(self) -> list[tuple[str, str]]:
        """Give id and status of each run in the SQLite store."""
        store = sqlite3.connect(self.uri.removeprefix("sqlite:///"))
        try:
            return store.execute("select run_uuid, status from runs").fetchall()
        finally:
            store.close()

    @staticmethod
    def _write(folder: Path, options: list[str]) -> None:
        toy.write_dataset(folder / "results" / "toys", train=EXAMPLES)
        plugin = folder / "plugin"
        info = plugin / "slow_toy-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-toy\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[seqmill.applications]\ntoy = slow_toy:APPLICATION\n")
        shutil.copy(HERE / "slow_toy.py", plugin)
        shutil.copy(toy.__file__, plugin / "toy_application.py")
        for name, content in GROUPS.items():
            path = folder / "config" / "hydra" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (folder / "reference.fa").write_text("".join(f">c{number}\n{'ACGT' * 50}\n" for number in (1, 2, 3)))
        rows = ["sample\tlane\tfastq_1\tfastq_2\talignments\ttruth\tconfident\tcondition"]
        for name in ("ada", "bo", "cy"):
            files = [f"{name}.bam", f"{name}.vcf", f"{name}.bed"]
            rows.append("\t".join([name, "", "", "", *files, "clean"]))
            for file in files:
                (folder / file).touch()
        (folder / "config" / "samples.tsv").write_text("\n".join(rows) + "\n")
        sheet = f"experiment\tseed\trole\toverrides\nplain\t1\t\t{' '.join(options)}\n"
        (folder / "config" / "experiments.tsv").write_text(sheet)


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return torch.load(run / "checkpoint.ckpt", weights_only=True)["state_dict"]
