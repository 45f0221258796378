"""The whole workflow on a few thousand bases: every output is there, reads well, and is not made twice."""

import csv
import re
import sqlite3
from pathlib import Path

import pysam
import pytest

from tests.workflow.conftest import ROOT, call_snakemake, job_counts

CONFIG = """
dataset: tiny
application: small_variants
simulate: config/tiny/simulate.yaml
reference: results/tiny/raw/reference.fa
samples: config/tiny/samples.tsv
experiments: config/tiny/experiments.tsv
splits:
  train: { samples: [ada, bo, cy], contigs: [c1] }
  validation: { samples: [dee], contigs: [c2] }
  test: { samples: [eve], contigs: [c3] }
depths: { train: [full, 8] }
aligner: mappy
region_batch: 25000
baselines: [bcftools]
evaluation: { replicates: 50 }
predict: [eve]
"""
PLAN = """
seed: 11
contigs:
  c1: { random: 40000 }
  c2: { random: 30000 }
  c3: { random: 30000 }
samples:
  ada: { contigs: [c1], depth: 20 }
  bo: { contigs: [c1], depth: 20, error_model: stutter, delivery: bam }
  cy: { contigs: [c1], depth: 20, error_model: binned, delivery: cram }
  dee: { contigs: [c2], depth: 20 }
  eve: { contigs: [c3], depth: 20 }
"""
RUNS = ("pileup_cnn/seed-1", "pileup_gru/seed-1")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    config = folder / "config" / "tiny"
    config.mkdir(parents=True)
    (config / "config.yaml").write_text(CONFIG)
    (config / "simulate.yaml").write_text(PLAN)
    demo = (ROOT / "config" / "demo" / "samples.tsv").read_text()
    one_lane = [line for line in demo.splitlines() if "\tL2\t" not in line]
    sheet = "\n".join(one_lane).replace("reads_L1_", "reads_").replace("results/demo/", "results/tiny/")
    (config / "samples.tsv").write_text(sheet + "\n")
    rows = [f"{run.split('/')[0]}\t1\t\ttrainer.epochs=2 trainer.batch_size=64" for run in RUNS]
    (config / "experiments.tsv").write_text("experiment\tseed\trole\toverrides\n" + "\n".join(rows) + "\n")
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    said = call_snakemake(folder, "--cores", "2", config="config/tiny/config.yaml")
    assert "(100%) done" in said
    return folder


@pytest.fixture(scope="module")
def results(workdir: Path) -> Path:
    return workdir / "results" / "tiny"


def test_a_second_call_does_nothing_and_says_so(workdir):
    said = call_snakemake(workdir, "--cores", "2", config="config/tiny/config.yaml")
    assert "Nothing to be done" in said
    assert job_counts(said) == {}


def test_the_leaderboard_has_a_row_for_each_run_and_metric(results):
    lines = (results / "leaderboard.tsv").read_text().splitlines()
    rows = list(csv.DictReader(lines, delimiter="\t"))
    assert list(rows[0]) == ["run", "experiment", "seed", "dataset", "metric", "value", "low", "high"]
    assert {row["experiment"] for row in rows} == {"pileup_cnn", "pileup_gru", "bcftools"}
    assert {row["dataset"] for row in rows} == {"tiny"}
    assert len({(row["run"], row["metric"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("path", [*(f"runs/{run}/calls.vcf.gz" for run in RUNS), "predict/eve.vcf.gz"])
def test_calls_are_indexed_and_lie_on_the_contig_that_was_tested(results, path):
    with pysam.VariantFile(str(results / path)) as calls:
        assert "VCFv4.3" in str(calls.header)
        assert list(calls.header.contigs) == ["c1", "c2", "c3"]
        assert list(calls.fetch("c3"))
        if path.startswith("runs"):
            assert {record.contig for record in calls.fetch()} == {"c3"}


def test_every_run_is_finished_in_the_tracking_store(results):
    store = sqlite3.connect(results / "mlflow.db")
    try:
        states = store.execute("select name, status from runs order by name").fetchall()
        aliases = store.execute("select name, alias from registered_model_aliases").fetchall()
    finally:
        store.close()
    trained = [run.replace("/seed-", " seed ") for run in RUNS]
    assert states == [(name, "FINISHED") for name in ["comparison of tiny", *trained]]
    assert aliases == [("seqmill-tiny", "champion")]


def test_the_report_is_one_file_that_asks_nothing_of_the_network(results):
    page = (results / "report.html").read_text()
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']https?://", page)
    for name in ("pileup_cnn", "pileup_gru", "bcftools"):
        assert name in page


def test_snakemakes_own_report_can_be_made(workdir):
    call_snakemake(workdir, "--report", "provenance.html", config="config/tiny/config.yaml")
    assert (workdir / "provenance.html").stat().st_size > 100_000


def test_nothing_half_written_is_left(results):
    assert [path for path in results.rglob("*") if ".part." in path.name or ".staging" in path.name] == []
