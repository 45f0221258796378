"""Generated people, each with one row, and a way to train on them."""

import shutil
from pathlib import Path

import persons
import pytest

from seqmill.applications import application as registry
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at
from seqmill.training.tables import fit_tables
from seqmill.training.train import Places, train
from seqmill.training.validate import validate


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Make the trait the only installed application."""
    monkeypatch.setattr(registry, "find_application", lambda name: persons.APPLICATION)


@pytest.fixture(scope="session")
def crowd(tmp_path_factory):
    """A dataset of people, half of them to learn from."""
    folder = tmp_path_factory.mktemp("people")
    plan = persons.write_people(folder, people=1000, features=120)
    return persons.build_people(folder / "results", plan, dataset="crowd")


@pytest.fixture
def configured(crowd):
    """Give a checked configuration of a run on the crowd, with some keys of its groups."""

    def of(privacy=None, *, manifest=crowd.manifest, **groups):
        content = {
            "seed": 1,
            "experiment": "trait",
            "dataset": {"manifest": str(manifest.path)},
            "application": {"name": "trait"},
            "model": {"name": "perceptron", "options": {"hidden": [16]}},
            "augmentation": {},
            "optimizer": {"learning_rate": 0.01, "weight_decay": 0.0},
            "trainer": {"epochs": 4, "batch_size": 64, "early_stopping_patience": 0, "precision": "fp32"},
        }
        for group, values in groups.items():
            content[group] = content.get(group, {}) | values if isinstance(values, dict) else values
        if privacy is not None:
            content["privacy"] = {"name": "dp_sgd", "delta": 1e-4, "seeded_noise": True} | privacy
        return validate(content, source="test")

    return of


@pytest.fixture
def built(crowd):
    """Give the task of a configuration, with its tables."""

    def of(run):
        seed_at(run.seed)
        module = build_module(run, crowd.manifest.encoding, {})
        fit_tables(module, crowd.manifest, 1.0, fits=run.privacy.standardise == "fitted")
        return module

    return of


@pytest.fixture
def places(empty_store, tmp_path):
    """Where runs of a test read and write, one folder of outputs for each name."""
    store = shutil.copy(empty_store, tmp_path / "mlflow.db")

    def of(name="out"):
        return Places(
            output=tmp_path / name,
            state=tmp_path / "state",
            store=f"sqlite:///{store}",
            store_experiment="toys",
        )

    return of


@pytest.fixture
def trained(places):
    """Train, and give the record and the folder."""

    def once(run, name="out") -> tuple[dict, Path]:
        where = places(name)
        return train(run, where), where.output

    return once
