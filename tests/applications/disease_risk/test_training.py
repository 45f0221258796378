"""From a planted cohort to models that have found its genes, for each outcome."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.predict_rows import predict_rows
from seqmill.evaluation.run import evaluate_run
from seqmill.interpretation.profiles import attribute
from seqmill.profiles.table import Table, read_table, write_table
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.disease_risk import ancestries
from tests.applications.disease_risk.cohort import OUTCOMES

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "model.options.hidden=[8]",
    "trainer.epochs=15",
    "trainer.batch_size=32",
    "trainer.precision=fp32",
    "trainer.evaluate_every=5",
    "trainer.early_stopping_patience=0",
    "optimizer.learning_rate=1e-2",
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studies(cohorts, empty_store, tmp_path_factory):
    """For each outcome what two seeds and their ensemble reach, and what they rest on."""
    found = {}
    for outcome in OUTCOMES:
        folder, dataset = tmp_path_factory.mktemp(outcome), cohorts[outcome]
        shutil.copy(empty_store, folder / "mlflow.db")
        experiment = "survival" if outcome == "survival" else "disease_risk"
        runs = [folder / f"seed-{seed}" for seed in (1, 2)]
        scores = {}
        for seed, run in enumerate(runs, start=1):
            places = Places(
                output=run,
                state=folder / f"state-{seed}",
                store=f"sqlite:///{folder / 'mlflow.db'}",
                store_experiment="toys",
            )
            given = [f"experiment={experiment}", f"seed={seed}", f"dataset.manifest={dataset.manifest.path}"]
            train(compose([*given, *SETTINGS], HYDRA), places)
            scores[seed] = evaluate_run(run, dataset)
        scores["ensemble"] = evaluate_ensemble(runs, dataset, output=folder / "ensemble")
        told = attribute(
            [run / "checkpoint.ckpt" for run in runs],
            dataset.manifest.path,
            output_dir=folder / "attribution",
            split="test",
            top=2,
        )
        values = {
            who: {row["metric"]: row["value"] for row in content["metrics"]}
            for who, content in scores.items()
        }
        found[outcome] = (folder, values, told)
    return found


@pytest.mark.parametrize(
    ("outcome", "metric", "least"),
    [
        ("binary", "auroc.disease.cohort", 0.8),
        ("quantitative", "r2.trait.cohort", 0.8),
        ("survival", "concordance.survival.cohort", 0.75),
    ],
)
def test_unseen_persons_are_told_apart(studies, outcome, metric, least):
    _, values, _ = studies[outcome]
    assert all(values[who][metric] > least for who in (1, 2, "ensemble"))


def test_a_disease_has_calibrated_probabilities(studies):
    _, values, _ = studies["binary"]
    assert {"temperature", "ece.before", "ece.after", "brier.disease.cohort"} <= set(values[1])
    assert values["ensemble"]["brier.disease.cohort"] < 0.2


def test_only_a_disease_is_calibrated(studies):
    assert all("temperature" not in studies[outcome][1][1] for outcome in ("quantitative", "survival"))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_was_planted_is_what_the_models_rest_on(studies, outcome):
    folder, _, told = studies[outcome]
    lines = (folder / "attribution" / "features.tsv").read_text().splitlines()
    rows = [dict(zip(lines[1].split("\t"), line.split("\t"), strict=True)) for line in lines[2:]]
    assert {row["feature"] for row in rows[:3]} == {"g0", "g1", "age"}
    sign = {row["feature"]: float(row["slope"]) for row in rows}
    assert sign["g0"] > 0 > sign["g1"]
    assert sign["age"] > 0
    assert "no medical advice" in lines[0]
    assert told["persons"] == 48
    assert max(told["completeness_gap"].values()) < 0.05
    assert "P1" not in "".join(path.read_text() for path in (folder / "attribution").glob("*.tsv"))


def seqmill(*arguments):
    words = [sys.executable, "-m", "seqmill.cli.main", *map(str, arguments)]
    subprocess.run(words, check=True, capture_output=True, text=True)


def test_a_private_experiment_is_composed_and_trained_with_its_noise(cohorts, empty_store, tmp_path):
    """Composed and trained by the two commands of the workflow; nothing but the noise differs."""
    manifest, config = cohorts["binary"].manifest.path, tmp_path / "private.yaml"
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    chosen = ["experiment=disease_risk", "privacy=dp_sgd", "privacy.seeded_noise=true", "trainer.epochs=1"]
    short = ["trainer.batch_size=32", "trainer.early_stopping_patience=0", "trainer.evaluate_every=1"]
    seqmill("compose", *chosen, *short, "--config-dir", HYDRA, "--output", config)
    weights, told = {}, {}
    for name, more in {"1": [], "50": ["privacy.noise_multiplier=50"]}.items():
        where = ["--output", tmp_path / name, "--state-dir", tmp_path / "state"]
        where += ["--tracking-uri", f"sqlite:///{tmp_path / 'mlflow.db'}", "--tracking-experiment", "toys"]
        given = [f"dataset.manifest={manifest}", "seed=1", *more]
        seqmill("train", "--config", config, *given, *where)
        told[name] = json.loads((tmp_path / name / "train.json").read_text())
        weights[name] = torch.load(tmp_path / name / "checkpoint.ckpt", weights_only=True)["state_dict"]
    assert [told[name]["privacy"]["noise_multiplier"] for name in ("1", "50")] == [1.0, 50.0]
    assert all(one["privacy"]["steps"] == one["steps"] > 0 for one in told.values())
    moved = [name for name in weights["1"] if name.startswith("network.")]
    assert moved and not any(torch.equal(weights["1"][name], weights["50"][name]) for name in moved)


def test_new_people_are_projected_onto_the_axes_of_the_checkpoint(confounded, empty_store, tmp_path):
    """Those of the test, given as a table of new people of their own, are told the same as in the dataset."""
    dataset, run = confounded(), tmp_path / "run"
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    places = Places(
        output=run,
        state=tmp_path / "state",
        store=f"sqlite:///{tmp_path / 'mlflow.db'}",
        store_experiment="toys",
    )
    given = ["experiment=disease_risk", "seed=1", f"dataset.manifest={dataset.manifest.path}"]
    train(compose([*given, *SETTINGS, "trainer.epochs=5"], HYDRA), places)
    values = {row["metric"]: row["value"] for row in evaluate_run(run, dataset)["metrics"]}
    assert values["auroc.disease.cohort"] > 0.65
    attribute(
        [run / "checkpoint.ckpt"], dataset.manifest.path, output_dir=tmp_path / "told", split="test", top=2
    )
    lines = (tmp_path / "told" / "features.tsv").read_text().splitlines()
    told = [line.split("\t") for line in lines[2:]]
    assert len(told) == 1 + ancestries.SITES + ancestries.COUNT
    assert [row for row in told if "components" in row and "PC1" in row]
    table = read_table(dataset.manifest.table_paths()["profiles"])
    test = read_examples(dataset.manifest, "test", threads=1)
    rows = np.flatnonzero(np.isin(table.ids, test["profile_id"]))
    blocks = {name: block.subset(rows) for name, block in table.blocks.items()}
    write_table(tmp_path / "new.parquet", Table(tuple(table.ids[row] for row in rows), blocks))
    both = [
        predict_rows([run], manifest=dataset.manifest.path, output=tmp_path / "told.tsv", profiles=profiles)
        for profiles in (None, tmp_path / "new.parquet")
    ]
    assert both[0]["sample"].tolist() == both[1]["sample"].tolist()
    assert both[1]["prediction"].to_numpy() == pytest.approx(both[0]["prediction"].to_numpy(), abs=1e-6)
    assert both[0]["prediction"].nunique() > 50
