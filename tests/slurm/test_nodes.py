"""One training over two nodes is one job and one run, and each node reads a copy of the shards of its own."""

import pytest

from tests.slurm.toys import STEPS_AN_EPOCH, Toys

pytestmark = [pytest.mark.slurm, pytest.mark.slow]

TWO_NODES = {
    **{"mpi": "srun", "nodes": 2, "tasks": 2, "gres": "gpu:1", "tasks_per_gpu": 0, "slurm_partition": "gpu"},
    **{"mem_mb": 1000, "runtime": 10},
}


def test_two_nodes_train_one_model(cluster, tmp_path):
    local = f"{tmp_path}/local/$SLURM_JOB_ID"
    resources = {"train": TWO_NODES | {"scratch": local}}
    toys = Toys(cluster, tmp_path, epochs=2, step_s=0.0, profile={"set-resources": resources})
    toys.train()
    (job,) = toys.jobs("train")
    assert (job["NumNodes"], job["NumTasks"], job["JobState"]) == ("2", "2", "COMPLETED")
    tasks = [task for task in cluster.tasks() if task["JobId"] == job["JobId"] and task["gpus"] != "none"]
    assert {task["node"] for task in tasks} == {node for node, _ in toys.journal} == {"n1", "n2"}
    assert sorted(step for _, step in toys.journal) == sorted(2 * list(range(2 * STEPS_AN_EPOCH)))
    assert (toys.record["nodes"], toys.record["devices"]) == (2, 2)
    assert [entry["epoch"] for entry in toys.record["history"]] == [1, 2]
    assert [status for _, status in toys.runs()] == ["FINISHED"]
    (copies,) = (tmp_path / "local" / job["JobId"]).iterdir()
    assert [path.name for path in copies.iterdir()] == ["lock"], "the copy is gone with the job"
