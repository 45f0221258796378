"""One, two and four processes train the same batches, and begin, stop, fail and go on together."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from seqmill.files import read_json
from seqmill.training import checkpoint

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
TIMES = {"examples_per_s", "loader_wait", "seconds"}
AT_STEP_8 = """
step = toy.ToyTask.training_step
def stopped(self, batch, index):
    if rank == {rank} and self.trainer.global_step == 8:
        {do}
    return step(self, batch, index)
toy.ToyTask.training_step = stopped
"""


@pytest.fixture(scope="module")
def start():
    """Start tasks out of a process that has imported all."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "processes.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def order(**order):
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())["codes"]

    yield order
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


@pytest.fixture(scope="module")
def uneven(toy, tmp_path_factory):
    """A dataset with weights, whose last batches are smaller than four processes."""
    folder = tmp_path_factory.mktemp("uneven")
    return toy.write_dataset(folder, train=82, validation=33, weights=(1.0, 2.0, 0.5, 4.0, 1.0))


@pytest.fixture
def begin(start, config_dir, uneven, empty_store, tmp_path):
    """Begin a run of its own."""
    return lambda name, *further: Run(start, tmp_path / name, config_dir, uneven, empty_store, further)


class Run:
    """One run, in however many attempts."""

    def __init__(self, start, folder, config_dir, manifest, store, further):
        folder.mkdir()
        self.folder, self._start = folder, start
        self.store = shutil.copy(store, folder / "mlflow.db")
        self.args = [
            "experiment=plain",
            "seed=1",
            f"dataset.manifest={manifest.path}",
            "model.options.dropout=0",
        ]
        self.args += ["augmentation.scale=0", *further, "--config-dir", str(config_dir), "--threads", "1"]
        self.args += ["--output", f"{folder}/out", "--state-dir", f"{folder}/state"]
        self.args += ["--tracking-uri", f"sqlite:///{self.store}", "--tracking-experiment", "toys"]

    def train(self, tasks, **order):
        return self._start(args=self.args, log=f"{self.folder}/log", tasks=tasks, **order)

    def said(self, rank):
        return (self.folder / f"log.{rank}").read_text()

    @property
    def history(self):
        entries = read_json(self.folder / "out/train.json")["history"]
        return [{key: value for key, value in entry.items() if key not in TIMES} for entry in entries]

    @property
    def weights(self):
        return checkpoint.load(self.folder / "out/checkpoint.ckpt")[0].state_dict()

    @property
    def statuses(self):
        store = sqlite3.connect(self.store)
        try:
            return [status for (status,) in store.execute("select status from runs")]
        finally:
            store.close()


def same_bits(one, other):
    return all(torch.equal(one.weights[name], other.weights[name]) for name in one.weights)


def test_one_two_and_four_processes_learn_the_same(begin):
    runs = {tasks: begin(f"of-{tasks}") for tasks in (1, 2, 4)}
    for tasks, run in runs.items():
        assert run.train(tasks, nodes=max(1, tasks // 2)) == [0] * tasks, run.said(0)
        assert run.statuses == ["FINISHED"]
        assert read_json(run.folder / "out/train.json")["devices"] == tasks
    for tasks in (2, 4):
        for found, alone in zip(runs[tasks].history, runs[1].history, strict=True):
            assert found == pytest.approx(alone, rel=1e-5), tasks
        for name, tensor in runs[1].weights.items():
            torch.testing.assert_close(runs[tasks].weights[name], tensor, rtol=1e-4, atol=1e-6)


def test_a_sharded_model_learns_the_same(begin):
    alone, sharded = begin("alone"), begin("sharded", "trainer.strategy=fsdp")
    assert alone.train(1) == [0]
    patch = AT_STEP_8.format(rank=1, do="print('rows here', len(self.network[0].weight.to_local()))")
    assert sharded.train(2, patch=patch) == [0, 0], sharded.said(0)
    assert "rows here 4" in sharded.said(1), "each process holds half of the eight rows"
    for found, expected in zip(sharded.history, alone.history, strict=True):
        assert found == pytest.approx(expected, rel=1e-5)
    for name, tensor in alone.weights.items():
        torch.testing.assert_close(sharded.weights[name], tensor, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("rank", "strategy"), [(0, "ddp"), (1, "ddp"), (1, "fsdp")])
def test_a_signal_to_one_stops_all_and_the_run_goes_on_bit_for_bit(begin, rank, strategy):
    noisy = ("model.options.dropout=0.2", "augmentation.scale=0.1", f"trainer.strategy={strategy}")
    whole, stopped = begin("whole", *noisy), begin("stopped", *noisy)
    assert whole.train(2) == [0, 0]
    assert stopped.train(2, patch=AT_STEP_8.format(rank=rank, do="os.kill(os.getpid(), 15)")) == [75, 75]
    assert stopped.statuses == ["KILLED"]
    assert stopped.train(2) == [0, 0]
    assert stopped.statuses == ["FINISHED"]
    assert same_bits(stopped, whole)
    assert stopped.history == whole.history


def test_a_command_starts_its_own_processes_and_stops_with_them(begin):
    run, alone = begin("own", "--devices", "2", "trainer.epochs=200"), begin("alone", "trainer.epochs=1")
    command = [sys.executable, str(HERE / "toy.py"), "train", *run.args]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if line.startswith("epoch 2/200"):
                process.terminate()
                break
        said = process.stderr.read()
    assert process.returncode == 75, said
    assert "error: stopped by SIGTERM; the state is saved" in said
    assert run.statuses == ["KILLED"]
    command[command.index("trainer.epochs=200")] = "trainer.epochs=1"
    subprocess.run(command, check=True, capture_output=True)
    assert alone.train(1) == [0]
    assert run.history[0] == pytest.approx(alone.history[0], rel=1e-5)


def test_the_time_limit_stops_all(begin):
    run = begin("late", "--time-limit", "0.0001")
    assert run.train(2) == [75, 75]
    assert "time limit" in run.said(1)


def test_a_process_that_dies_in_training_takes_the_others_with_it(begin):
    run = begin("dies")
    codes = run.train(2, patch=AT_STEP_8.format(rank=1, do="os._exit(9)"))
    assert codes[1] == 9 and codes[0] not in (0, -9)
    assert run.train(2) == [0, 0]


def test_what_one_process_cannot_begin_ends_all_with_its_message(begin):
    patch = """
if rank == 1:
    import seqmill.training.train
    def broken(*args, **options):
        raise seqmill.errors.InputError("shards: none of them on this node")
    seqmill.training.train.find_hardware = broken
"""
    run = begin("broken")
    assert run.train(2, patch=patch) == [2, 2]
    assert "rank 1 on" in run.said(0) and "none of them on this node" in run.said(0)
    assert not (run.folder / "out").exists()


def test_fewer_processes_than_wanted_train_nothing(begin):
    run = begin("half", "--devices", "2")
    assert run.train(2, nodes=2) == [2, 2]
    assert "srun started 2 processes on 2 nodes, but --nodes 2 --devices 2 wants 4 on 2" in run.said(1)
    run = begin("lost")
    codes = run.train(2, patch="import seqmill.training.fit as f; W = f.World; f.World = lambda wanted: W(4)")
    assert 0 not in codes and -9 not in codes
    assert "rank 0: 2 processes found, 4 wanted" in run.said(0)
    assert "rank 1: 2 processes found, 4 wanted" in run.said(1)
    assert not (run.folder / "out").exists()
