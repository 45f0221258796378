"""Two sites that keep their rows, from their tables to the row and the page of the average."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from seqmill.files import read_json
from seqmill.shards.manifest import Manifest
from seqmill.training import checkpoint
from tests.workflow.conftest import ROOT, call_snakemake

pytestmark = pytest.mark.slow

PEOPLE = {"north": 160, "south": 240}
EPOCHS = 12
WAIT_S = 300
MANIFESTS = {site: f"results/{site}/dataset/manifest.json" for site in PEOPLE}
LAST = "results/all/federated/round-2"


def write_people(path, site, people, shift):
    draw = np.random.default_rng(people)
    features = draw.normal(size=(people, 6)) + shift
    ill = features[:, :3].sum(1) - 3 * shift + draw.normal(size=people) > 0
    lines = ["\t".join(["person", "age", *(f"x{number}" for number in range(6)), "case"])]
    for number in range(people):
        told = [
            f"{site}_{number}",
            str(draw.integers(30, 80)),
            *(f"{value:.4f}" for value in features[number]),
        ]
        lines.append("\t".join([*told, str(int(ill[number]))]))
    path.write_text("\n".join(lines) + "\n")


def write_dataset(folder, name, table, **further):
    """Write the configuration of a dataset and the plan of its profiles."""
    blocks = {"levels": {"path": table, "options": {"columns": "^x"}}}
    blocks["covariates"] = {"path": table, "options": {"columns": "age"}}
    plan = {
        "profiles": {"id": "person", "blocks": blocks},
        "rows": [{"sample": "clinic", "path": table, "profile": "person", "labels": {"disease": "case"}}],
        "folds": {"person": ["profile"]},
        "fold_count": 5,
    }
    (folder / f"{name}.profiles.yaml").write_text(json.dumps(plan))
    folds = {"train": (2, 3, 4), "validation": (1,), "test": (0,)}
    config = {
        "dataset": name,
        "application": "disease_risk",
        "profiles": f"{name}.profiles.yaml",
        "reference": f"results/{name}/raw/profiles.json",
        "samples": "samples.tsv",
        "experiments": "experiments.tsv",
        "splits": {
            split: {"samples": ["clinic"], "contigs": [f"person_{number}" for number in numbers]}
            for split, numbers in folds.items()
        },
        "evaluation": {"replicates": 20},
    }
    (folder / f"{name}.yaml").write_text(json.dumps(config | further))


@pytest.fixture(scope="module")
def warm():
    """Let the jobs of all workflows run out of one process; give the process."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        command = [sys.executable, str(Path(__file__).with_name("warm.py")), folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "ready\n"
            patch.setenv("BASH_ENV", f"{folder}/bashenv")
            try:
                yield psutil.Process(process.pid)
            finally:
                process.kill()


@pytest.fixture(scope="module")
def loop(warm, tmp_path_factory):
    """The folder in which sites and loop were run to their ends."""
    folder = tmp_path_factory.mktemp("loop")
    (folder / "config").mkdir()
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    (folder / "samples.tsv").write_text("sample\tcondition\nclinic\tcases\n")
    overrides = "trainer.epochs=2 trainer.early_stopping_patience=0 optimizer.schedule=constant"
    (folder / "experiments.tsv").write_text(f"experiment\tseed\toverrides\ndisease_risk\t1\t{overrides}\n")
    for shift, (site, people) in enumerate(PEOPLE.items()):
        write_people(folder / f"{site}.tsv", site, people, shift)
        write_dataset(folder, site, f"{site}.tsv")
        call_snakemake(folder, "--cores", "1", "--", MANIFESTS[site], config=f"{site}.yaml")
    asked = {"experiment": "disease_risk", "sites": MANIFESTS, "rounds": 2, "epochs": EPOCHS}
    write_dataset(folder, "all", "[ns]o*th.tsv", federated=asked)
    call_snakemake(folder, "--cores", "1", config="all.yaml")
    return folder


def rows_of(folder):
    lines = (folder / "results/all/leaderboard.tsv").read_text().splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


def test_the_average_is_a_row_beside_training_on_all_rows(loop):
    scores = {
        row["experiment"]: float(row["value"])
        for row in rows_of(loop)
        if row["metric"] == "auroc.disease.overall"
    }
    assert set(scores) == {"disease_risk", "disease_risk_federated"}
    assert scores["disease_risk_federated"] > 0.7


def test_it_is_the_mean_of_the_last_round_by_training_rows(loop):
    read = {site: checkpoint.read(loop / LAST / site / "checkpoint.ckpt") for site in PEOPLE}
    rows = {site: facts["train_examples"] for site, (facts, _) in read.items()}
    assert rows == {site: Manifest.load(loop / path).rows("train") for site, path in MANIFESTS.items()}
    _, mean = checkpoint.read(loop / LAST / "average" / "checkpoint.ckpt")
    share = rows["north"] / sum(rows.values())
    for name, values in mean.items():
        north, south = (weights[name].double() for _, weights in read.values())
        torch.testing.assert_close(values.double(), share * north + (1 - share) * south)


def test_the_report_tells_of_the_loop(loop):
    page = (loop / "results/all/report.html").read_text()
    assert "disease_risk_federated" in page
    assert "mean of 2 sites" in page
    assert f"seqmill federated average {LAST}/north/checkpoint.ckpt {LAST}/south/checkpoint.ckpt" in page
    assert "experiment=disease_risk_federated" not in page


def test_a_second_call_has_nothing_to_do(loop):
    said = call_snakemake(loop, "--cores", "1", "--dry-run", config="all.yaml")
    assert "Nothing to be done" in said


def test_a_site_killed_in_the_second_round_changes_nothing(loop, warm, tmp_path):
    folder = tmp_path / "killed"
    shutil.copytree(loop, folder, symlinks=True)
    shutil.rmtree(folder / LAST)
    began = time.time()
    asked = ("--cores", "1", "--", f"{LAST}/average/checkpoint.ckpt")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--configfile", str(folder / "all.yaml"), *asked]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    ends = time.monotonic() + WAIT_S
    states = folder / "results/all/state"
    while not any(path.stat().st_mtime > began for path in states.glob("*/last.ckpt")):
        assert process.poll() is None and time.monotonic() < ends, process.communicate()[0]
        time.sleep(0.01)
    (training,) = warm.children()
    training.kill()
    said, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode != 0 and "Error in rule federated_train" in said
    assert not (folder / LAST / "average").exists()
    call_snakemake(folder, *asked, config="all.yaml")
    attempts = [read_json(folder / LAST / site / "train.json")["attempts"] for site in PEOPLE]
    assert sorted(attempts) == [1, 2]
    whole, killed = (
        checkpoint.read(place / LAST / "average" / "checkpoint.ckpt")[1] for place in (loop, folder)
    )
    assert whole.keys() == killed.keys()
    assert all(torch.equal(whole[name], killed[name]) for name in whole)
