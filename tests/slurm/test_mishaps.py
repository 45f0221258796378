"""What goes wrong on a cluster is named and loses nothing; the next call goes on where the last stopped."""

import re
import time
from pathlib import Path

import pytest
import torch

from tests.slurm.cluster import CONTROLLER
from tests.slurm.conftest import Snakemake
from tests.slurm.test_demo import write_tiny
from tests.slurm.toys import SAVE_EVERY_S, STEPS_AN_EPOCH, Toys
from tests.workflow.conftest import call_snakemake

EPOCHS, STEP_S = 3, 0.5
STEPS = EPOCHS * STEPS_AN_EPOCH
ON_N1 = ("--slurm-exclude-failed-nodes", "n2")

pytestmark = [pytest.mark.slurm, pytest.mark.slow, pytest.mark.usefixtures("allocations", "killed")]


@pytest.fixture(scope="module")
def killed(cluster, tmp_path_factory):
    """A training that is killed at its step 12, as when memory is short, while others are tested."""
    folder = tmp_path_factory.mktemp("killed") / "work"
    environment = {"TOY_KILLED_AT": "12"}
    profile = {"slurm-exclude-failed-nodes": "n1"}
    toys = Toys(cluster, folder, epochs=EPOCHS, step_s=0, environment=environment, profile=profile)
    call = toys.start(*toys.target)
    yield toys, call
    if call.process.poll() is None:
        call.kill()


@pytest.fixture
def toys(cluster, tmp_path):
    return Toys(cluster, tmp_path, epochs=EPOCHS, step_s=STEP_S)


@pytest.fixture(scope="module")
def one_go(cluster, tmp_path_factory):
    """Weights of the training that nothing stops."""
    folder = tmp_path_factory.mktemp("one_go") / "work"
    return Toys(cluster, folder, epochs=EPOCHS, step_s=0).weights_in_one_go()


def check_whole(toys, expected):
    """The weights are those of one go, and one run was tracked, to its end."""
    weights = toys.weights()
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], expected[name]) for name in weights)
    assert [status for _, status in toys.runs()] == ["FINISHED"]


def states(toys):
    return [job["JobState"] for job in toys.jobs("train")]


def steps(toys):
    return [step for _, step in toys.journal]


def test_jobs_outlive_a_controller_that_stops_and_comes_back(cluster, toys):
    call = toys.start(*toys.target)
    toys.wait_for_step(3)
    cluster.kill(CONTROLLER)
    at = len(toys.journal)
    toys.wait_for_step(at + 3)
    cluster.start_controller()
    call.finish()
    assert states(toys) == ["COMPLETED"]
    assert steps(toys) == list(range(STEPS))


def test_a_node_that_dies_costs_one_checkpoint_interval_at_most(cluster, toys, one_go):
    call = toys.start(*toys.target)
    node = toys.wait_for_step(7)
    cluster.kill(node)
    known = len(toys.journal)
    try:
        call.finish()
    finally:
        cluster.start_node(node)
    assert states(toys) == ["NODE_FAIL", "COMPLETED"]
    assert {there for there, _ in toys.journal[:known]} == {node}
    assert node not in {there for there, _ in toys.journal[known:]}
    begun, again = steps(toys)[known - 1], steps(toys)[known]
    assert 0 < again <= begun + 1
    assert begun - again <= SAVE_EVERY_S / STEP_S + 1
    check_whole(toys, one_go)


def write_delivered(folder):
    """Give a configuration whose reads and reference were delivered, each to a folder of its own."""
    config = folder / write_tiny(folder)
    call_snakemake(folder, "--cores", "2", "results/tiny/raw/reference.fa", config=str(config))
    (folder / "results" / "tiny" / "raw").rename(folder / "delivered")
    (folder / "genome").mkdir()
    (folder / "delivered" / "reference.fa").rename(folder / "genome" / "reference.fa")
    for path in (config, config.with_name("samples.tsv")):
        text = path.read_text().replace("results/tiny/raw/reference.fa", "genome/reference.fa")
        text = text.replace("simulate: config/tiny/simulate.yaml\n", "")
        path.write_text(text.replace("results/tiny/raw/", "delivered/"))
    return str(config.relative_to(folder))


def test_a_node_without_the_reference_is_named_and_can_be_left_out(cluster, tmp_path):
    config = write_delivered(tmp_path)
    calls = Snakemake(cluster, tmp_path, config, resources={"reads": {"slurm_partition": "gpu"}})
    target = "results/tiny/reads/ada.bam"
    cluster.kill("n1")
    cluster.start_node("n1", mounts={tmp_path / "genome": "size=1m"})
    try:
        said = calls(target, "--retries", "0", *ON_N1, fails=True)
        (log,) = re.findall(r"\(log: (.*)\)\.", said)
        assert "genome/reference.fa: there is no such reference" in Path(log).read_text()
        assert "(on n1)" in Path(log).read_text()
        calls(target, "--slurm-exclude-failed-nodes", "n1")
    finally:
        cluster.kill("n1")
        cluster.start_node("n1")
    assert [(job["JobState"], job["NodeList"]) for job in calls.jobs("reads")] == [
        ("FAILED", "n1"),
        ("COMPLETED", "n2"),
    ]


def test_a_full_quota_is_named_and_the_next_call_goes_on(cluster, toys, one_go):
    quota = toys.workdir / "results" / "toys" / "state"
    quota.mkdir()
    cluster.kill("n1")
    cluster.start_node("n1", mounts={quota: "size=1m"})
    try:
        call = toys.start(*toys.target, "--retries", "0", *ON_N1)
        toys.wait_for_step(12)
        cluster.on("n1", "sh", "-c", f"cat /dev/zero > {quota}/filler 2> /dev/null || true")
        said = call.finish(fails=True)
        assert f"{quota.relative_to(toys.workdir)}" in said
        assert "the disk is full; free some space and run it again" in said
        known = len(toys.journal)
        cluster.on("n1", "rm", f"{quota}/filler")
        toys.train(*ON_N1)
    finally:
        cluster.kill("n1")
        cluster.start_node("n1")
    assert states(toys) == ["FAILED", "COMPLETED"]
    assert 0 < steps(toys)[known] <= steps(toys)[known - 1] + 1
    check_whole(toys, one_go)


def test_a_second_user_is_told_of_the_first_and_a_stale_lock_is_taken_away(cluster, toys, one_go):
    call = toys.start(*toys.target)
    toys.wait_for_step(7)
    (toys.workdir / "held").touch()
    assert "Directory cannot be locked" in toys.train(fails=True)
    call.kill()
    assert "--unlock" in toys.train(fails=True)
    (job,) = toys.jobs("train")
    assert job["JobState"] == "RUNNING"
    (toys.workdir / "held").unlink()
    cluster("scancel", job["JobId"])
    while states(toys) != ["CANCELLED"]:
        time.sleep(0.5)
    known = len(toys.journal)
    toys("--unlock")
    toys.train()
    assert states(toys) == ["CANCELLED", "COMPLETED"]
    assert 0 < steps(toys)[known] <= steps(toys)[known - 1] + 1
    check_whole(toys, one_go)


def test_a_training_killed_for_memory_goes_on_in_a_job_with_more(killed, one_go):
    toys, call = killed
    call.finish()
    assert states(toys) == ["FAILED", "COMPLETED"]
    assert [job["MinMemoryNode"] for job in toys.jobs("train")] == ["16000M", "20000M"]
    again = steps(toys).index(12) + 1
    assert 0 < steps(toys)[again] <= 12
    check_whole(toys, one_go)
