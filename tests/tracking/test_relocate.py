"""A results folder may be moved or copied; what was logged is read where it is now."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from mlflow.artifacts import download_artifacts
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError
from seqmill.files import write_json
from seqmill.tracking.registry import register_best, resolve_model
from seqmill.tracking.relocate import relocate
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect, init_store


@pytest.fixture
def results(empty_store, tmp_path):
    """A results folder with one registered run; blanks and umlauts are allowed in its name."""
    folder = tmp_path / "old räsults"
    folder.mkdir()
    store = f"sqlite:///{shutil.copy(empty_store, folder / 'mlflow.db')}"
    init_store(store, "demo", folder / "artifacts")
    (folder / "checkpoint.ckpt").write_bytes(b"weights")
    with open_run(store, "demo", name="a") as run:
        run.file(folder / "checkpoint.ckpt", "model")
        run.text("seed: 1\n", "config.yaml")
    write_json(folder / "train.json", {"run_id": run.run_id, "best_validation_loss": 0.5})
    register_best(store, [folder], name="caller")
    return folder, run.run_id


def read(store, run_id, folder):
    folder.mkdir()
    return Path(MlflowClient(store).download_artifacts(run_id, "config.yaml", str(folder))).read_text()


def test_a_moved_folder_is_found_by_whoever_opens_the_store(results, tmp_path, capsys, monkeypatch):
    folder, run_id = results
    moved = folder.rename(tmp_path / "new")
    store = f"sqlite:///{moved}/mlflow.db"
    assert connect(store).get_run(run_id).info.artifact_uri.startswith((moved / "artifacts/demo").as_uri())
    assert "was moved: logged files are at" in capsys.readouterr().err
    assert read(store, run_id, tmp_path / "read") == "seed: 1\n"
    assert resolve_model("models:/caller@champion", uri=store) == (
        moved / "artifacts/demo" / run_id / "artifacts/model/checkpoint.ckpt"
    )
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    local = download_artifacts(artifact_uri="models:/caller@champion")
    assert (Path(local) / "checkpoint.ckpt").read_bytes() == b"weights"
    with open_run(store, "demo", name="b") as run:
        run.text("new\n", "note.txt")
    assert (moved / "artifacts/demo" / run.run_id / "artifacts/note.txt").is_file()
    assert not folder.exists()


def test_a_copy_stands_for_itself(results, tmp_path):
    folder, run_id = results
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert list(relocate(copy / "mlflow.db")) == [(folder / "artifacts/demo").as_uri()]
    assert relocate(folder / "mlflow.db") == {}
    (copy / "artifacts/demo" / run_id / "artifacts/config.yaml").write_text("seed: 2\n")
    assert read(f"sqlite:///{copy}/mlflow.db", run_id, tmp_path / "read") == "seed: 2\n"
    assert read(f"sqlite:///{folder}/mlflow.db", run_id, tmp_path / "again") == "seed: 1\n"


def test_the_same_folder_by_another_name_is_left_alone(results, tmp_path):
    (tmp_path / "link").symlink_to(results[0])
    assert relocate(tmp_path / "link/mlflow.db") == {}


def test_files_kept_elsewhere_stay_there(empty_store, tmp_path):
    store = tmp_path / "one/mlflow.db"
    store.parent.mkdir()
    shutil.copy(empty_store, store)
    init_store(f"sqlite:///{store}", "demo", tmp_path / "files")
    store.parent.rename(tmp_path / "two")
    assert relocate(tmp_path / "two/mlflow.db") == {}


def test_a_second_time_there_is_nothing_to_do(results, tmp_path):
    moved = results[0].rename(tmp_path / "new")
    assert relocate(moved / "mlflow.db") != {}
    assert relocate(moved / "mlflow.db") == {}


def test_a_store_that_cannot_be_written_says_so(results, tmp_path, monkeypatch):
    moved = results[0].rename(tmp_path / "new")

    def refuse(*_):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("seqmill.tracking.relocate._rewrite", refuse)
    with pytest.raises(InputError, match="make the store writable once"):
        relocate(moved / "mlflow.db")
