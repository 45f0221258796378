"""How a process was started, held against what was asked for."""

import pytest

from seqmill.errors import InputError, Interrupted
from seqmill.training import ranks
from seqmill.training.ranks import Ranks, find_ranks, together


def srun(tasks, nodes, rank=0):
    return {
        "SLURM_STEP_NUM_TASKS": str(tasks),
        "SLURM_STEP_NUM_NODES": str(nodes),
        "SLURM_PROCID": str(rank),
        "SLURM_NTASKS": "1",
    }


@pytest.mark.parametrize(
    ("nodes", "devices", "environment", "expected"),
    [
        (1, None, {}, Ranks()),
        (1, 2, {}, Ranks(devices=2)),
        (1, 2, {"LOCAL_RANK": "1"}, Ranks(rank=1, devices=2)),
        (1, 2, srun(1, 1), Ranks(devices=2)),
        (2, None, srun(2, 2, 1), Ranks(rank=1, nodes=2, devices=1, by_srun=True)),
        (2, 4, srun(8, 2, 5), Ranks(rank=5, nodes=2, devices=4, by_srun=True)),
        (1, None, srun(2, 1), Ranks(nodes=1, devices=2, by_srun=True)),
        (1, 4, {"SLURM_NTASKS": "4", "SLURM_PROCID": "0"}, Ranks(devices=4)),
    ],
    ids=["alone", "two", "helper", "in-a-step", "two-nodes", "two-of-four", "step-of-two", "batch-script"],
)
def test_the_place_of_a_process(nodes, devices, environment, expected):
    found = find_ranks(nodes, devices, environment)
    assert found == expected
    assert found.size == (found.nodes * found.devices if found.by_srun else 1)
    assert found.is_main == (found.rank == 0)


@pytest.mark.parametrize(
    ("nodes", "devices", "environment", "message"),
    [
        (2, None, {}, r"--nodes: 2 wanted, but .* a single process; start it with srun --nodes=2 --ntasks=2"),
        (2, 4, {}, r"srun --nodes=2 --ntasks=8 --ntasks-per-node=4"),
        (1, None, srun(2, 2), r"srun started 2 processes on 2 nodes, but --nodes 1 wants 1 on 1"),
        (2, None, srun(3, 2), r"srun started 3 processes on 2 nodes, but --nodes 2 wants 2 on 2"),
        (2, 2, srun(2, 2), r"srun started 2 processes on 2 nodes, but --nodes 2 --devices 2 wants 4 on 2"),
    ],
)
def test_another_number_of_processes_is_an_error(nodes, devices, environment, message):
    with pytest.raises(InputError, match=message):
        find_ranks(nodes, devices, environment)


def test_a_helper_leaves_without_a_code_that_would_kill_the_first_process(monkeypatch):
    left = []
    monkeypatch.setattr(ranks.os, "_exit", left.append)
    with together(Ranks(rank=1, devices=2)) as ready:
        ready()
        raise Interrupted("stopped with the others")
    assert left == [0]
    with pytest.raises(Interrupted), together(Ranks(devices=2)):
        raise Interrupted("stopped")
