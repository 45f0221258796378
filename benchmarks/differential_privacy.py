"""What noise costs and what it hides, on generated people: the table of docs/differential-privacy.md.

    python benchmarks/differential_privacy.py [--seeds 3] [--noise 0 0.6 1 2 50]

Noise 0 trains without differential privacy. Each row is a mean over seeds, with the standard deviation.
"""

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import persons
from sklearn.metrics import roc_auc_score

from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.membership import METRIC
from seqmill.evaluation.predictions import Predictor, predict_split
from seqmill.evaluation.run import evaluate_run
from seqmill.tracking.store import init_store
from seqmill.training.checkpoint import load
from seqmill.training.tables import give_tables
from seqmill.training.train import Places, train
from seqmill.training.validate import validate

PEOPLE, FEATURES, DELTA = 2400, 300, 1e-4
HEADS = ("noise", "AUROC, training", "AUROC, test", "AUROC of the attack", "epsilon", "CPU s")


def one(dataset: Dataset, folder: Path, *, noise: float, seed: int) -> list[float]:
    """Train, score and attack once; give what stands under `HEADS` after the noise."""
    name = f"noise{noise:g}"
    content: dict[str, Any] = {
        "seed": seed,
        "experiment": name,
        "dataset": {"manifest": str(dataset.manifest.path)},
        "application": {"name": "trait"},
        "model": {"name": "perceptron", "options": {"hidden": [64]}},
        "augmentation": {},
        "optimizer": {"learning_rate": 3e-3, "weight_decay": 0.0},
        "trainer": {"epochs": 20, "batch_size": 256, "early_stopping_patience": 0, "precision": "fp32"},
    }
    if noise:
        private = {"name": "dp_sgd", "noise_multiplier": noise, "delta": DELTA, "seeded_noise": True}
        content["privacy"] = private
    places = Places(
        output=folder / f"{name}-{seed}",
        state=folder / "state",
        store=f"sqlite:///{folder / 'mlflow.db'}",
        store_experiment="people",
    )
    began = time.process_time()
    with contextlib.redirect_stderr(io.StringIO()):
        record = train(validate(content, source=name), places)
        seconds = time.process_time() - began
        scored = evaluate_run(places.output, dataset)
    found = {row["metric"]: row["value"] for row in scored["metrics"]}
    module, _ = load(places.output / "checkpoint.ckpt")
    give_tables(module, dataset.manifest)
    told = predict_split(Predictor(module, dataset.manifest.encoding), dataset.manifest, "train", threads=0)
    return [
        float(roc_auc_score(told[persons.LABEL], told[f"predicted_{persons.LABEL}"])),
        found[f"auroc.{persons.LABEL}.overall"],
        found[METRIC],
        record["privacy"]["epsilon"] if noise else 0.0,
        seconds,
    ]


def main() -> None:
    """Print the table as it stands in the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--noise", type=float, nargs="+", default=[0, 0.6, 1, 2, 50])
    given = parser.parse_args()
    persons.install()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = persons.write_people(folder, people=PEOPLE, features=FEATURES)
        dataset = persons.build_people(folder / "results", plan, dataset="people")
        init_store(f"sqlite:///{folder / 'mlflow.db'}", "people")
        sizes = {split: dataset.manifest.rows(split) for split in persons.SPLITS}
        print(f"{sizes}, {FEATURES} features, delta {DELTA:g}, {given.seeds} seeds")
        print(f"| {' | '.join(HEADS)} |\n|{' --- |' * len(HEADS)}")
        for noise in given.noise:
            rows = np.array([one(dataset, folder, noise=noise, seed=seed + 1) for seed in range(given.seeds)])
            means, spreads = rows.mean(0), rows.std(0)
            areas = [
                f"{mean:.3f} +- {spread:.3f}" for mean, spread in zip(means[:3], spreads[:3], strict=True)
            ]
            epsilon = f"{means[3]:.2f}" if noise else "none"
            print(f"| {noise:g} | {' | '.join(areas)} | {epsilon} | {means[4]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
