"""Two trained seeds and their ensemble on the planted screen, and new patients."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.run import evaluate_run
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.conftest import planted_screen, screens  # noqa: F401 - fixtures

HYDRA = Path(__file__).parents[2] / "config" / "hydra"
SETTINGS = [
    "experiment=drug_response",
    "model.options.left=[16,16]",
    "model.options.right=[16,16]",
    "model.options.head=[16]",
    "model.options.dropout=0.0",
    "model.options.input_dropout=0.0",
    "trainer.epochs=40",
    "trainer.evaluate_every=20",
    "trainer.batch_size=32",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]


@pytest.fixture(scope="session")
def study(screens, empty_store, tmp_path_factory):  # noqa: F811 - a fixture
    """Runs, dataset and ensemble, of unseen cell lines."""
    folder, dataset = tmp_path_factory.mktemp("therapy"), screens["cell"]
    shutil.copy(empty_store, folder / "mlflow.db")
    runs = []
    for seed in (1, 2):
        places = Places(
            output=folder / f"seed-{seed}",
            state=folder / "state" / str(seed),
            store=f"sqlite:///{folder / 'mlflow.db'}",
            store_experiment="toys",
        )
        train(
            compose([*SETTINGS, f"seed={seed}", f"dataset.manifest={dataset.manifest.path}"], HYDRA), places
        )
        evaluate_run(places.output, dataset)
        runs.append(places.output)
    written = evaluate_ensemble(runs, dataset, output=folder / "ensemble")
    return SimpleNamespace(
        runs=tuple(runs),
        dataset=dataset,
        manifest=dataset.manifest.path,
        ensemble=folder / "ensemble",
        metrics={row["metric"]: row for row in written["metrics"]},
    )


@pytest.fixture
def patients(tmp_path):
    """A plan of three new profiles: high and low in the first gene, and one that is like no other."""
    levels = np.full((3, 8), 5.0)
    levels[0, 0], levels[1, 0], levels[2] = 1.0, 9.0, 60.0
    lines = ["\t".join(["cell", *(f"g{gene}" for gene in range(8))])]
    lines += [
        "\t".join([name, *map(str, row)]) for name, row in zip(("low", "high", "odd"), levels, strict=True)
    ]
    (tmp_path / "levels.tsv").write_text("\n".join(lines) + "\n")
    plan = {"profiles": {"id": "cell", "blocks": {"expression": {"path": str(tmp_path / "levels.tsv")}}}}
    path = tmp_path / "patients.yaml"
    path.write_text(yaml.safe_dump(plan))
    return path
