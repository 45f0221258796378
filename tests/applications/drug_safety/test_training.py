"""From planted molecules to networks that have found which groups are toxic, each by its own input."""

import shutil
from pathlib import Path

import pytest

from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run
from seqmill.training.compose import compose
from seqmill.training.train import Places, train

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "seed=1",
    "model.options.hidden=[16]",
    "model.options.dropout=0.0",
    "trainer.epochs=10",
    "trainer.evaluate_every=5",
    "trainer.batch_size=16",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]
NETWORKS = {
    "safety_mlp": ["model.options.input_dropout=0.0"],
    "safety_smiles_cnn": ["model.options.reader.channels=16", "model.options.reader.dropout=0.0"],
    "safety_smiles_gru": ["model.options.reader.units=16", "model.options.reader.dropout=0.0"],
}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("experiment", NETWORKS)
def test_networks_rank_unseen_molecules_and_tell_what_cannot_be_ranked(
    safety, empty_store, tmp_path, experiment
):
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    places = Places(
        output=tmp_path / "net",
        state=tmp_path / "state",
        store=f"sqlite:///{tmp_path / 'mlflow.db'}",
        store_experiment="toys",
    )
    settings = [
        f"experiment={experiment}",
        *SETTINGS,
        *NETWORKS[experiment],
        f"dataset.manifest={safety.manifest.path}",
    ]
    train(compose(settings, HYDRA), places)
    found = {row["metric"]: row for row in evaluate_run(tmp_path / "net", safety)["metrics"]}
    assert found["auroc.toxic.assays.chlorine"]["value"] > 0.9
    assert found["mean_auroc.toxic"]["value"] > 0.9
    assert 0.5 < found["mean_auroc.toxic"]["low"] <= found["mean_auroc.toxic"]["value"]
    assert found["one_class.assays.same"]["value"] > 0
    assert "auroc.toxic.assays.same" not in found


def test_a_baseline_that_says_one_thing_is_at_chance(safety, assays, tmp_path):
    rows = assays.job.alignments
    content = evaluate_baseline("prevalence", safety, alignments={"assays": rows}, output=tmp_path / "out")
    found = {row["metric"]: row["value"] for row in content["metrics"]}
    assert found["mean_auroc.toxic"] == 0.5
