"""A training longer than any job may be: it ends by itself, job after job, as if it had been one."""

import mlflow
import pytest
import torch

from tests.slurm.toys import STEPS_AN_EPOCH

pytestmark = [pytest.mark.slurm, pytest.mark.slow]


def test_a_training_of_three_allocations_is_that_of_one(allocations):
    toys, call = allocations
    said = call.finish()
    assert "stopped at the time limit; the state is saved" in said
    jobs = toys.jobs("train")
    assert len(jobs) >= 3
    *stopped, last = [job["JobState"] for job in jobs]
    assert set(stopped) <= {"FAILED", "TIMEOUT"}  # Slurm's own limit comes first on a very busy machine
    assert last == "COMPLETED"
    assert {job["TimeLimit"] for job in jobs} == {"00:01:00"}
    assert toys.record["attempts"] == len(jobs)
    steps = [step for _, step in toys.journal]
    assert list(dict.fromkeys(steps)) == list(range(toys.epochs * STEPS_AN_EPOCH))
    # A stop during an evaluation costs the last batch before it, one without warning what was not saved.
    most = stopped.count("FAILED") + stopped.count("TIMEOUT") * STEPS_AN_EPOCH
    assert len(steps) - len(set(steps)) <= most
    weights, expected = toys.weights(), toys.weights_in_one_go()
    assert all(torch.equal(weights[name], expected[name]) for name in expected)


def test_a_server_is_told_of_all_allocations_as_one_run(allocations):
    toys, call = allocations
    call.finish()
    client = mlflow.MlflowClient(tracking_uri=toys.uri)
    (run,) = client.search_runs([client.get_experiment_by_name("toys").experiment_id])
    assert (run.info.run_id, run.info.status) == (toys.record["run_id"], "FINISHED")
    losses = client.get_metric_history(run.info.run_id, "validation_loss")
    assert [point.value for point in losses] == [entry["validation_loss"] for entry in toys.record["history"]]
