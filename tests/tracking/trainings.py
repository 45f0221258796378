"""Trainings that compute nothing of use, but are tracked as real ones are; many may run at once.

    python tests/tracking/trainings.py sqlite:///toys.db --count 12 --steps 600 --step-ms 20

A training takes STEPS steps of STEP-MS milliseconds of CPU each, in epochs of 100. It is opened, described,
watched, logged and closed by the same calls, as often, as `seqmill.training.train` and the evaluation make
them. Printed is one JSON object a training: its run, the seconds it took, the seconds that its main thread
spent on tracking, and the CPU seconds of both, those of tracking in the background included. The store has to
exist, with the experiment ``toys``.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from seqmill.tracking.record import log_evaluation, log_setup
from seqmill.tracking.run import open_run

STEPS_PER_EPOCH = 100
LOGGED_EVERY = 50
OF_EPOCH = ("epoch", "train_loss", "validation_loss", "learning_rate", "examples_per_s")
SCORES = 60
CHECKPOINT_BYTES = 1_000_000


class Clock:
    """Adds up wall and CPU seconds of the main thread that were not spent on training."""

    def __init__(self) -> None:
        self.wall = 0.0

    @contextmanager
    def tracking(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.wall += time.monotonic() - began


def work(seconds: float) -> float:
    """Compute for `seconds` of CPU; give the CPU seconds it really took."""
    began = time.thread_time()
    matrix = np.ones((24, 24))
    while time.thread_time() - began < seconds:
        matrix = matrix @ matrix / 24
    return time.thread_time() - began


def training(uri: str, number: int, steps: int, step_s: float) -> dict[str, Any]:
    """Do one training; give what it cost."""
    began, began_cpu = time.monotonic(), time.process_time()
    clock, trained = Clock(), 0.0
    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = Path(scratch) / "checkpoint.ckpt"
        checkpoint.write_bytes(bytes(CHECKPOINT_BYTES))
        metrics = Path(scratch) / "metrics.json"
        metrics.write_text("{}")
        entering = time.monotonic()
        with open_run(uri, "toys", name=f"training {number}", tags={"seed": number}) as run:
            log_setup(
                run,
                params={f"group.key{index}": index for index in range(40)},
                config=f"seed: {number}\n",
                dataset=("toys", Path("manifest.json"), "ab" * 32),
                tags={"seed": number, "attempt": 1},
            )
            with run.system_metrics():
                clock.wall += time.monotonic() - entering
                for step in range(1, steps + 1):
                    trained += work(step_s)
                    if step % LOGGED_EVERY == 0:
                        with clock.tracking():
                            run.metrics({"batch_loss": 1 / step}, step)
                    if step % STEPS_PER_EPOCH == 0:
                        with clock.tracking():
                            names = ("train_loss", "validation_loss", "learning_rate", "examples_per_s")
                            run.metrics(
                                {"epoch": step // STEPS_PER_EPOCH} | dict.fromkeys(names, 1 / step), step
                            )
                leaving = time.monotonic()
            run.file(checkpoint, "model")
        clock.wall += time.monotonic() - leaving
        with clock.tracking():
            log_evaluation(uri, run.run_id, {f"f1.cell{index}": 0.5 for index in range(SCORES)}, [metrics])
    return {
        "run_id": run.run_id,
        "seconds": time.monotonic() - began,
        "tracking_s": clock.wall,
        "cpu_s": time.process_time() - began_cpu,
        "training_cpu_s": trained,
    }


def _child(arguments: tuple[Any, ...], start: Any, results: Any) -> None:
    start.wait()
    results.put(training(*arguments))


def main() -> None:
    """Do several trainings at once, each in a process of its own; end with 1 when one of them failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("uri")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--step-ms", type=float, default=0.0)
    given = parser.parse_args()
    forked = multiprocessing.get_context("fork")  # packages are imported once for all
    start, results = forked.Event(), forked.Queue()
    children = [
        forked.Process(
            target=_child, args=((given.uri, number, given.steps, given.step_ms / 1000), start, results)
        )
        for number in range(given.count)
    ]
    for child in children:
        child.start()
    start.set()
    for child in children:
        child.join()
    failed = sum(child.exitcode != 0 for child in children)
    for _ in range(given.count - failed):
        print(json.dumps(results.get()))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
