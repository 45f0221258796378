"""From a planted cohort to models that have found its genes, for each outcome."""

import shutil
from pathlib import Path

import pytest

from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.run import evaluate_run
from seqmill.interpretation.profiles import attribute
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
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
