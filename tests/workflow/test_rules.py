"""Hygiene of the rules: default target, lint, format, log, environment and resources in each."""

import re
import subprocess
import sys

import pytest

from tests.workflow.conftest import ROOT, job_counts

RULES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))


def blocks() -> dict[str, str]:
    """Give the text of each rule by its name."""
    found = {}
    for path in RULES:
        parts = re.split(r"^ *rule (\w+):$", path.read_text(), flags=re.M)
        found |= dict(zip(parts[1::2], parts[2::2], strict=True))
    return found


def test_a_dry_run_without_a_target_lists_the_demos_jobs(snakemake):
    counts = job_counts(snakemake("-n"))
    assert counts.pop("baseline") in (2, 3)
    assert counts == {
        "simulate": 1,
        "plan": 7,
        "tracking": 1,
        "compose": 2,
        "reads": 5,
        "examples": 5,
        "collect": 1,
        "train": 4,
        "evaluate": 4,
        "ensemble": 2,
        "champion": 1,
        "compare": 1,
        "predict": 1,
        "default": 1,
    }


def test_runs_with_stores_of_their_own_are_merged_before_one_is_chosen(snakemake):
    said = snakemake("-n", "--config", "tracking={'mode': 'merged'}")
    counts = job_counts(said)
    assert (counts["tracking"], counts["store"], counts["train"], counts["merge"]) == (1, 4, 4, 1)
    chosen = re.search(r"^(?:local)?rule champion:\n *input: ([^\n]*)", said, flags=re.M).group(1)
    assert "results/demo/merged.json" in chosen


def test_a_mixture_is_made_of_the_runs_of_its_experiments(snakemake):
    said = snakemake("-n", "--config", "mixtures={'both': ['pileup_cnn', 'pileup_gru']}")
    assert job_counts(said)["ensemble"] == 3
    (block,) = re.findall(r"^rule ensemble:\n(?: .*\n)*? *output: [^\n]*ensembles/both/.*", said, flags=re.M)
    waited = re.search(r"^ *input: (.*)", block, re.M)[1]
    for name in ("pileup_cnn", "pileup_gru"):
        assert f"results/demo/runs/{name}/seed-1/predictions.parquet" in waited


def test_a_run_waits_for_the_run_that_it_begins_with(workdir, snakemake):
    begun = "results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt"
    sheet = "experiment\tseed\trole\toverrides\npileup_cnn\t1\t\t\npileup_gru\t1\t\tinit_from=" + begun + "\n"
    (workdir / "config/demo/experiments.tsv").write_text(sheet)
    said = snakemake("-n")
    waits = {
        re.search(r"experiment=(\w+)", block)[1]: begun in re.search(r"^ *input: (.*)", block, re.M)[1]
        for block in re.findall(r"^rule train:\n(?: .*\n)+", said, flags=re.M)
    }
    assert waits == {"pileup_cnn": False, "pileup_gru": True}


def test_lint_finds_nothing(snakemake):
    assert "good condition" in snakemake("--lint")


def test_rules_are_formatted():
    files = [str(ROOT / "Snakefile"), str(ROOT / "workflow")]
    done = subprocess.run(
        [sys.executable, "-m", "snakefmt", "--check", *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", blocks())
def test_each_rule_says_where_it_logs_and_what_it_needs(name: str):
    text = blocks()[name]
    for directive in ("log:", "resources:", "mem_mb=", "runtime=", "params:"):
        assert directive in text, directive
    if "shell:" in text:
        assert "conda:\n" in text
        assert "stage_version=" in text
        assert "{log}" in text
    if name != "plan":
        assert text.count("seqmill ") == 1, "a rule calls one verb"
        assert "2>&1 | tee {log}" in text


def test_shared_code_of_the_rules_stays_small():
    assert len((ROOT / "workflow" / "rules" / "common.smk").read_text().splitlines()) < 150


@pytest.mark.parametrize(
    ("resources", "started"),
    [
        ([], "seqmill train  --config"),
        (["gpu=2"], "seqmill train --nodes 1 --devices 2 --config"),
        (["tasks=2"], "seqmill train --nodes 1 --devices 2 --config"),
        (
            ["mpi=srun", "nodes=2", "tasks=8", "gpu=8", "scratch=/local"],
            "srun --nodes=2 --ntasks=8 --ntasks-per-node=4 --cpus-per-task=1"
            " seqmill train --nodes 2 --devices 4 --config",
        ),
    ],
    ids=["alone", "gpus", "processes", "nodes"],
)
def test_a_training_is_started_as_its_resources_say(snakemake, resources, started):
    given = ["--set-resources", *(f"train:{one}" for one in resources)] if resources else []
    said = snakemake("-n", "-p", "--resources", "gpu=8", *given)
    assert said.count(started) == 4
    assert said.count(' --scratch "/local" ') == (4 if "scratch=/local" in resources else 0)
