"""From a planted screen to a model that has found which gene each family acts through."""

import shutil
from pathlib import Path

import pytest
import torch

from seqmill.errors import InputError
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run
from seqmill.training.checkpoint import load
from seqmill.training.compose import compose
from seqmill.training.train import Places, train

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "experiment=drug_response",
    "seed=1",
    "model.options.left=[16,16]",
    "model.options.right=[16,16]",
    "model.options.head=[16]",
    "model.options.dropout=0.0",
    "model.options.input_dropout=0.0",
    "trainer.epochs=40",
    "trainer.evaluate_every=10",
    "trainer.batch_size=32",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(screens, empty_store, planted_screen, tmp_path_factory):
    """A network and a baseline on unseen cell lines."""
    folder, dataset = tmp_path_factory.mktemp("study"), screens["cell"]
    shutil.copy(empty_store, folder / "mlflow.db")
    places = Places(
        output=folder / "net",
        state=folder / "state",
        store=f"sqlite:///{folder / 'mlflow.db'}",
        store_experiment="toys",
    )
    train(compose([*SETTINGS, f"dataset.manifest={dataset.manifest.path}"], HYDRA), places)
    rows = planted_screen.jobs["cell"].alignments
    written = {
        "net": evaluate_run(folder / "net", dataset),
        "drug_mean": evaluate_baseline(
            "drug_mean", dataset, alignments={"screen": rows}, output=folder / "drug_mean"
        ),
    }
    found = {
        name: {row["metric"]: row["value"] for row in content["metrics"]} for name, content in written.items()
    }
    return folder, found


def test_the_network_tells_unseen_cell_lines_apart_within_each_drug(study):
    _, found = study
    assert found["net"]["median_drug_pearson.response.screen"] > 0.9
    assert found["net"]["rmse.response.screen"] < 0.5 * found["drug_mean"]["rmse.response.screen"]


def test_the_checkpoint_standardises_by_itself_and_holds_no_table(study, screens):
    folder, _ = study
    module, facts = load(folder / "net" / "checkpoint.ckpt", encoding=screens["cell"].manifest.encoding)
    assert facts["encoding"]["tables"]["profiles"]["expression"]["size"] == 8
    assert not torch.equal(module.inputs["profiles"].mean_expression, torch.zeros(8))
    assert not any("values" in name for name in module.state_dict())


def test_tables_of_other_features_are_refused(study, screens):
    folder, _ = study
    wanted = screens["cell"].manifest.encoding
    other = type(wanted).from_dict(wanted.to_dict() | {"tables": {"profiles": {"expression": {"size": 9}}}})
    with pytest.raises(InputError, match=r"profiles\.expression\.size: 9 found, 8 wanted"):
        load(folder / "net" / "checkpoint.ckpt", encoding=other)
