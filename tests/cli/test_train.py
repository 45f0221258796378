"""``seqmill train`` as a process: exit codes, messages, and nothing half-written."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seqmill.files import read_json

TOY = Path(__file__).parents[1] / "training" / "toy.py"
HYDRA = {
    "train.yaml": "defaults:\n  - _self_\n  - application: toy\n  - experiment: ???\n"
    "seed: ???\ndataset:\n  manifest: ???\n"
    "model: {name: linear}\ntrainer: {epochs: 2, batch_size: 16, precision: fp32}\n",
    "application/toy.yaml": "# @package _global_\napplication: {name: toy}\n",
    "experiment/plain.yaml": "# @package _global_\nexperiment: plain\n",
}
WRITE = "import sys, pathlib; sys.path[0] = sys.argv[1]; import toy; toy.write_dataset(pathlib.Path())"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a dataset and a configuration."""
    folder = tmp_path_factory.mktemp("train")
    for name, content in HYDRA.items():
        path = folder / "config/hydra" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    subprocess.run([sys.executable, "-c", WRITE, str(TOY.parent)], cwd=folder, check=True)
    return folder


def start(place, *arguments):
    command = [
        sys.executable,
        str(TOY),
        "train",
        "experiment=plain",
        "dataset.manifest=dataset/manifest.json",
    ]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=place,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_mistake_costs_no_compute_and_no_traceback(place):
    process = start(place, "seed=1", "trainer.epoch=3", "trainer.precision=fp8")
    _, words = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "trainer.epoch: unknown key (did you mean 'epochs'?)" in words
    assert "trainer.precision: found 'fp8'" in words
    assert "Traceback" not in words
    assert not (place / "runs").exists() and not (place / "state").exists()


def test_a_missing_dataset_leaves_nothing_behind(place):
    process = start(place, "seed=1", "dataset.manifest=nowhere/manifest.json")
    _, words = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "nowhere/manifest.json" in words and "Traceback" not in words
    assert not (place / "mlflow.db").exists()


@pytest.mark.slow
def test_a_terminated_process_ends_with_75_and_the_same_command_completes_it(place):
    arguments = ("seed=2", "trainer.epochs=100", "trainer.early_stopping_patience=0")
    process = start(place, *arguments)
    state = place / "state"
    deadline = time.monotonic() + 120
    while process.poll() is None and not list(state.glob("*/last.ckpt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 75, words
    assert "stopped by SIGTERM; the state is saved, run the same command again to go on" in words
    assert "Traceback" not in words
    output = place / "runs/plain/seed-2"
    assert not output.exists()

    process = start(place, *arguments)
    _, words = process.communicate(timeout=240)
    assert process.returncode == 0, words
    record = read_json(output / "train.json")
    assert (record["epochs"], record["attempts"]) == (100, 2)
    assert sorted(path.name for path in output.iterdir()) == ["checkpoint.ckpt", "config.yaml", "train.json"]
    assert not list(state.iterdir())
