"""Twelve trainings at once: on one SQLite store, on a server with PostgreSQL, and in stores of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seqmill.tracking.merge import merge
from seqmill.tracking.store import connect, init_store
from tests.tracking import postgres

COUNT = 12
STEPS = 200
SCRIPT = Path(__file__).with_name("trainings.py")

pytestmark = pytest.mark.slow


def run_trainings(uri, count=COUNT):
    """Train all at once; give the ids of their runs, and fail on anything that was complained about."""
    command = [sys.executable, str(SCRIPT), uri, "--count", str(count), "--steps", str(STEPS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower() and "error" not in done.stderr.lower(), done.stderr
    return [json.loads(line)["run_id"] for line in done.stdout.splitlines()]


def check_complete(uri, run_ids, count=COUNT):
    client = connect(uri)
    experiment = client.get_experiment_by_name("toys")
    found = client.search_runs([experiment.experiment_id])
    assert {run.info.run_id for run in found} == set(run_ids)
    assert len(found) == count
    assert client.search_runs(["0"]) == []
    assert {run.info.run_name for run in found} == {f"training {number}" for number in range(count)}
    for run in found:
        run_id = run.info.run_id
        assert run.info.status == "FINISHED"
        assert len(run.data.params) == 40
        assert len([name for name in run.data.metrics if name.startswith("f1.")]) == 60
        assert [point.step for point in client.get_metric_history(run_id, "batch_loss")] == [
            50,
            100,
            150,
            200,
        ]
        assert [point.step for point in client.get_metric_history(run_id, "train_loss")] == [100, 200]
        assert run.inputs.dataset_inputs[0].dataset.digest == "ab" * 18
        files = {entry.path for entry in client.list_artifacts(run_id)}
        assert {"config.yaml", "environment", "evaluation", "model"} <= files
        assert client.list_artifacts(run_id, "model")[0].file_size == 1_000_000


def test_on_one_sqlite_store(store):
    check_complete(store, run_trainings(store))


def test_in_stores_of_their_own_that_are_merged(store, empty_store, tmp_path):
    stores, made = [], []
    for number in range(2):
        own = tmp_path / f"own{number}" / "mlflow.db"
        (own.parent / "mlflow-artifacts/toys").mkdir(parents=True)
        own.write_bytes(empty_store.read_bytes())
        made += run_trainings(f"sqlite:///{own}", count=1)
        stores.append(own)
    merge(stores, store)
    client = connect(store)
    assert {run.info.run_id for run in client.search_runs(["1"])} == set(made)
    assert all(len(client.get_metric_history(run_id, "batch_loss")) == 4 for run_id in made)


@pytest.fixture(scope="module")
def database():
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as uri:
        yield uri


@pytest.fixture
def mlflow_server(database, tmp_path):
    """Address of ``mlflow server`` on PostgreSQL."""
    with postgres.mlflow_server(database, tmp_path) as address:
        yield address


def test_on_a_server_with_postgresql(mlflow_server):
    init_store(mlflow_server, "toys")
    check_complete(mlflow_server, run_trainings(mlflow_server))
