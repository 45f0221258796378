"""The whole workflow as jobs of a real Slurm, with the shipped profile."""

from collections import Counter

import pytest

from seqmill.files import read_json
from tests.slurm.cluster import GPU_NODES
from tests.slurm.conftest import Snakemake, rule_of
from tests.workflow.conftest import ROOT, call_snakemake

CONFIG = """
dataset: tiny
application: small_variants
simulate: config/tiny/simulate.yaml
reference: results/tiny/raw/reference.fa
samples: config/tiny/samples.tsv
experiments: config/tiny/experiments.tsv
splits:
  train: { samples: [ada], contigs: [c1] }
  validation: { samples: [dee], contigs: [c2] }
  test: { samples: [eve], contigs: [c3] }
aligner: mappy
baselines: [bcftools]
evaluation: { replicates: 50 }
predict: [eve]
tracking: { mode: merged }
"""
PLAN = """
seed: 11
contigs:
  c1: { random: 40000 }
  c2: { random: 30000 }
  c3: { random: 30000 }
samples:
  ada: { contigs: [c1], depth: 20 }
  dee: { contigs: [c2], depth: 20 }
  eve: { contigs: [c3], depth: 20 }
"""
EXPERIMENTS = ("pileup_cnn", "pileup_gru")
JOBS = {
    "simulate": 1,
    "reads": 3,
    "examples_examples": 1,  # a group of all three
    "collect": 1,
    "train": 2,
    "evaluate": 2,
    "baseline": 1,
    "compare": 1,
    "predict": 1,
}

pytestmark = [pytest.mark.slurm, pytest.mark.slow]


def write_tiny(folder):
    """Write the configuration of three individuals and two trainings; give the file."""
    config = folder / "config" / "tiny"
    config.mkdir(parents=True)
    (config / "config.yaml").write_text(CONFIG)
    (config / "simulate.yaml").write_text(PLAN)
    head, *rows = (ROOT / "config" / "demo" / "samples.tsv").read_text().splitlines()
    kept = [row for row in rows if row.split("\t")[0] in ("ada", "dee", "eve") and "\tL2\t" not in row]
    sheet = "\n".join([head, *kept]).replace("reads_L1_", "reads_").replace("results/demo/", "results/tiny/")
    (config / "samples.tsv").write_text(sheet + "\n")
    runs = [f"{name}\t1\t\ttrainer.epochs=2 trainer.batch_size=64" for name in EXPERIMENTS]
    (config / "experiments.tsv").write_text("\n".join(["experiment\tseed\trole\toverrides", *runs]) + "\n")
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    return "config/tiny/config.yaml"


@pytest.fixture(scope="module")
def snakemake(cluster, tmp_path_factory):
    """Snakemake in the folder where all was computed through Slurm."""
    folder = tmp_path_factory.mktemp("demo")
    calls = Snakemake(cluster, folder, write_tiny(folder))
    said = calls()
    assert "(100%) done" in said
    return calls


def test_each_step_is_a_job_and_each_completes(snakemake):
    jobs = snakemake.jobs()
    assert Counter(map(rule_of, jobs)) == JOBS
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}


def test_trainings_run_on_the_nodes_with_gpus_and_nothing_else_does(cluster, snakemake):
    nodes = Counter((rule_of(job) == "train", job["NodeList"]) for job in snakemake.jobs())
    assert nodes == {(True, "n1"): 1, (True, "n2"): 1, (False, "n3"): sum(JOBS.values()) - 2}
    gpus = {task["JobId"]: task["gpus"] for task in cluster.tasks()}
    for job in snakemake.jobs():
        is_training = rule_of(job) == "train"
        assert job["Partition"] == ("gpu" if is_training else "cpu")
        assert (job["NodeList"] in GPU_NODES) == is_training
        assert gpus[job["JobId"]] == ("0" if is_training else "none")


def test_the_dataset_is_that_of_one_machine(snakemake, tmp_path):
    config = write_tiny(tmp_path)
    call_snakemake(tmp_path, "--cores", "2", "results/tiny/dataset/manifest.json", config=config)
    here, there = (
        read_json(folder / "results/tiny/dataset/manifest.json") for folder in (tmp_path, snakemake.workdir)
    )
    assert there["digest"] == here["digest"]


def test_a_second_call_submits_nothing_and_says_so(snakemake):
    before = len(snakemake.jobs())
    assert "Nothing to be done" in snakemake()
    assert len(snakemake.jobs()) == before
