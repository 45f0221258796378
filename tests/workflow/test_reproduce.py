"""A dataset that is gone is built again by the workflow before its run is made again."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.workflow.conftest import ROOT, call_snakemake

pytestmark = pytest.mark.slow

SAMPLES = ("sample", "lane", "fastq_1", "fastq_2", "alignments", "truth", "confident", "condition")
RAW = "results/tiny/raw"
CONFIG = {
    "dataset": "tiny",
    "application": "small_variants",
    "simulate": "config/tiny/simulate.yaml",
    "reference": f"{RAW}/reference.fa",
    "samples": "config/tiny/samples.tsv",
    "experiments": "config/tiny/experiments.tsv",
    "splits": {
        "train": {"samples": ["ada"], "contigs": ["a"]},
        "validation": {"samples": ["ada"], "contigs": ["b"]},
        "test": {"samples": ["bo"], "contigs": ["c"]},
    },
    "aligner": "mappy",
}
SIMULATION = {
    "seed": 3,
    "contigs": {name: {"random": 6000} for name in "abc"},
    "samples": {
        "ada": {"contigs": ["a", "b"], "depth": 12, "delivery": "bam"},
        "bo": {"contigs": ["c"], "depth": 12, "delivery": "bam"},
    },
}
RUN = "results/tiny/runs/scalars/seed-1"


def test_a_missing_dataset_is_built_by_the_workflow(workdir):
    (workdir / "workflow").symlink_to(ROOT / "workflow")
    shutil.copy(ROOT / "Snakefile", workdir)
    folder = workdir / "config" / "tiny"
    folder.mkdir()
    (folder / "config.yaml").write_text(json.dumps(CONFIG))
    (folder / "simulate.yaml").write_text(json.dumps(SIMULATION))
    (folder / "experiments.tsv").write_text(
        "experiment\tseed\trole\toverrides\nscalars\t1\t\ttrainer.epochs=1\n"
    )
    rows = [
        (
            name,
            "",
            "",
            "",
            f"{RAW}/{name}/reads.bam",
            f"{RAW}/{name}/truth.vcf.gz",
            f"{RAW}/{name}/confident.bed",
            "x",
        )
        for name in ("ada", "bo")
    ]
    (folder / "samples.tsv").write_text("\n".join("\t".join(row) for row in [SAMPLES, *rows]) + "\n")
    call_snakemake(workdir, "--cores", "1", "--", f"{RUN}/metrics.json", config="config/tiny/config.yaml")
    digest = json.loads((workdir / "results/tiny/dataset/manifest.json").read_text())["digest"]
    for name in ("dataset", "examples"):
        shutil.rmtree(workdir / "results/tiny" / name)
    done = subprocess.run(
        [sys.executable, "-m", "seqmill.cli.main", "reproduce", RUN, "--output-dir", "again"],
        capture_output=True,
        text=True,
        check=False,
        cwd=workdir,
        env={key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("verdict: identical\n")
    assert json.loads((workdir / "results/tiny/dataset/manifest.json").read_text())["digest"] == digest
