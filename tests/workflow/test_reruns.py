"""What runs again after a change, by dry runs over a demo that ran with an empty verb."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.workflow.conftest import ROOT, call_snakemake, job_counts, outputs

AFTER_A_RUN = {"champion": 1, "compare": 1, "predict": 1, "default": 1}
VERB = """#!/bin/sh
# Stands in for every verb: makes the outputs that Snakemake has just cleared away.
while read -r path; do [ -e "$path" ] || touch "$path"; done < outputs.txt
"""


def environment_with_an_empty_verb(folder: Path) -> str:
    """Give the Python of an environment like this one, in which ``seqmill`` only makes files."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (folder / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", folder)
    verb = folder / "bin" / "seqmill"
    verb.write_text(VERB)
    verb.chmod(0o755)
    return str(folder / "bin" / "python")


@pytest.fixture(scope="module")
def finished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    python = environment_with_an_empty_verb(tmp_path_factory.mktemp("environment") / "venv")
    shutil.copytree(ROOT / "config", folder / "config")
    paths = outputs(call_snakemake(folder, "-n"))
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / "outputs.txt").write_text("".join(f"{path}\n" for path in paths))
    call_snakemake(folder, "--cores", "4", python=python)
    return folder


@pytest.fixture
def workdir(finished_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished_once, tmp_path / "demo")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_nothing_changed_nothing_to_do(workdir, snakemake):
    said = snakemake("-n")
    assert "Nothing to be done" in said
    assert job_counts(said) == {}


def test_editing_one_experiment_reruns_exactly_that_one(workdir, snakemake):
    append(workdir / "config/hydra/experiment/pileup_gru.yaml", "\ntrainer:\n  epochs: 3\n")
    said = snakemake("-n")
    assert job_counts(said) == AFTER_A_RUN | {"compose": 1, "train": 2, "evaluate": 2, "ensemble": 1}
    again = set(outputs(said))
    assert "results/demo/runs/pileup_gru/seed-1/checkpoint.ckpt" in again
    assert "results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt" not in again


def test_editing_a_network_reruns_the_experiments_that_use_it(workdir, snakemake):
    append(workdir / "config/hydra/model/pileup_cnn.yaml", "\n")
    again = {"compose": 1, "train": 2, "evaluate": 2, "ensemble": 1}
    assert job_counts(snakemake("-n")) == AFTER_A_RUN | again


def test_another_seed_trains_one_more_run(workdir, snakemake):
    sheet = workdir / "config/demo/experiments.tsv"
    lines = sheet.read_text().splitlines()
    more = [line.replace("\t1", "\t3", 1) for line in lines if line.startswith("pileup_cnn\t1")]
    sheet.write_text("\n".join([*lines, *more]) + "\n")
    assert job_counts(snakemake("-n")) == AFTER_A_RUN | {"train": 1, "evaluate": 1, "ensemble": 1}


def test_the_way_of_scoring_does_not_touch_what_was_trained(workdir, snakemake):
    append(workdir / "config/demo/config.yaml", "\nevaluation: { replicates: 50 }\n")
    counts = job_counts(snakemake("-n"))
    assert not {"reads", "examples", "collect", "train"} & set(counts)
    assert counts["evaluate"] == 4


def test_an_encoding_option_builds_the_dataset_anew(workdir, snakemake):
    append(workdir / "config/demo/config.yaml", "\noptions: { rows: 32 }\n")
    counts = job_counts(snakemake("-n"))
    assert counts["examples"] == 5
    assert counts["train"] == 4
    assert "reads" not in counts


def test_the_depths_of_one_split_encode_its_samples_only(workdir, snakemake):
    config = workdir / "config/demo/config.yaml"
    text = config.read_text()
    changed = re.sub(r"(\n  validation: )\[.*?\]", r"\1[full, 9]", text)
    assert changed != text
    config.write_text(changed)
    counts = job_counts(snakemake("-n"))
    assert counts["examples"] == 1
    assert counts["collect"] == 1


def test_a_sweep_adds_its_trials_and_leaves_the_other_runs(workdir, snakemake):
    (workdir / "config/demo/sweeps.yaml").write_text(
        "size:\n  experiment: pileup_cnn\n  draw: grid\n  space: {model.options.channels: [8, 16, 24]}\n"
    )
    append(workdir / "config/demo/config.yaml", "\nsweeps: config/demo/sweeps.yaml\n")
    said = snakemake("-n")
    assert job_counts(said) == AFTER_A_RUN | {"plan": 1, "compose": 3, "train": 3, "evaluate": 3}
    assert "results/demo/runs/size-03/seed-1/checkpoint.ckpt" in outputs(said)
