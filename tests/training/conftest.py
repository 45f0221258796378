"""The toy application, a dataset of it, and a configuration folder of its own."""

import importlib.util
import sys
from pathlib import Path

import pytest

from seqmill.applications import application as registry

GROUPS = {
    "train.yaml": """
defaults:
  - _self_
  - application: toy
  - model: linear
  - optimizer: adamw
  - trainer: default
  - experiment: ???
seed: ???
dataset:
  manifest: ???
""",
    "application/toy.yaml": "# @package _global_\napplication:\n  name: toy\naugmentation:\n  scale: 0.1\n",
    "model/linear.yaml": "name: linear\noptions:\n  hidden: 8\n",
    "model/wide.yaml": "name: linear\noptions:\n  hidden: 64\n",
    "optimizer/adamw.yaml": "name: adamw\nlearning_rate: 0.01\n",
    "trainer/default.yaml": "epochs: 3\nbatch_size: 16\nprecision: fp32\n",
    "experiment/plain.yaml": "# @package _global_\nexperiment: plain\n",
    "experiment/wide.yaml": (
        "# @package _global_\ndefaults:\n  - override /model: wide\nexperiment: wide\ntrainer:\n  epochs: 6\n"
    ),
}


def _load_toy():
    spec = importlib.util.spec_from_file_location("toy_application", Path(__file__).with_name("toy.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def toy():
    return _load_toy()


@pytest.fixture(autouse=True)
def installed(toy, monkeypatch):
    """Make the toy the only installed application."""
    monkeypatch.setattr(registry, "find_application", toy.toy_application)


@pytest.fixture(scope="session")
def manifest(toy, tmp_path_factory):
    """A dataset of 90 training examples: six batches of 16 an epoch, the last of 10."""
    return toy.write_dataset(tmp_path_factory.mktemp("toys"))


@pytest.fixture(scope="session")
def config_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hydra")
    for name, content in GROUPS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return folder


@pytest.fixture
def compose_run(config_dir, manifest):
    """Compose a run of the toy with further overrides."""
    from seqmill.training.compose import compose

    def of(*overrides, experiment="plain"):
        given = [f"experiment={experiment}", "seed=1", f"dataset.manifest={manifest.path}"]
        return compose([*given, *overrides], config_dir)

    return of


@pytest.fixture
def places(empty_store, tmp_path):
    """Where a run of the test reads and writes."""
    import shutil

    from seqmill.training.train import Places

    store = shutil.copy(empty_store, tmp_path / "mlflow.db")
    return Places(
        output=tmp_path / "out",
        state=tmp_path / "state",
        store=f"sqlite:///{store}",
        store_experiment="toys",
    )
