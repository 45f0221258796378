"""A store of its own for each test, and runs to register."""

import shutil

import pytest

from seqmill.files import write_json
from seqmill.tracking.run import open_run


@pytest.fixture
def store(empty_store, tmp_path):
    """Address of a store with the experiment ``toys``."""
    return f"sqlite:///{shutil.copy(empty_store, tmp_path / 'mlflow.db')}"


@pytest.fixture
def make_run(store, tmp_path):
    """Make a complete run: its folder, and its checkpoint in the store."""

    def make(name, loss, **metrics):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "checkpoint.ckpt").write_bytes(name.encode())
        with open_run(store, "toys", name=name) as run:
            run.file(folder / "checkpoint.ckpt", "model")
        write_json(folder / "train.json", {"run_id": run.run_id, "best_validation_loss": loss})
        if metrics:
            entries = [{"metric": metric, "value": value} for metric, value in metrics.items()]
            write_json(folder / "metrics.json", {"metrics": entries})
        return folder

    return make
