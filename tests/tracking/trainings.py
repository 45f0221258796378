"""Trainings that compute nothing of use, but are tracked as real ones are; many may run at once.

    python tests/tracking/trainings.py sqlite:///toys.db --count 12 --steps 600 --step-ms 20

A training takes STEPS steps of STEP-MS milliseconds of CPU each, in epochs of 100. It is opened, described,
watched, logged and closed by the same calls, as often, as `seqmill.training.train` and the evaluation make
them. Printed is one JSON object a training: its run, the seconds it took, the CPU seconds of the process, all
its threads included, and those of the steps alone; the difference is tracking. The packages of training are
loaded before the clock starts; those of tracking count, unless COUNT is above one: then they are loaded once
for all. The store has to exist, with the experiment ``toys``; ``none`` in its place trains without tracking.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

UNTRACKED = "none"
STEPS_PER_EPOCH = 100
LOGGED_EVERY = 50
OF_EPOCH = ("train_loss", "validation_loss", "learning_rate", "examples_per_s")
SCORES = 60
CHECKPOINT_BYTES = 1_000_000


class Work:
    """Steps of a training: matrices are multiplied for a set time of the main thread on a processor.

    Attributes
    ----------
    cpu_s : float
        What the steps took.
    products : int
        How many were computed.
    """

    def __init__(self, step_s: float) -> None:
        self.cpu_s, self.products = 0.0, 0
        self._step_s = step_s

    def step(self) -> None:
        """Do one step."""
        began = time.thread_time()
        matrix = np.ones((24, 24))
        while (spent := time.thread_time() - began) < self._step_s:
            matrix = matrix @ matrix / 24
            self.products += 1
        self.cpu_s += spent


def training(uri: str, number: int, steps: int, step_s: float) -> dict[str, Any]:
    """Do one training; give what it cost."""
    began, began_cpu = time.monotonic(), time.process_time()
    work = Work(step_s)
    run_id = ""
    if uri == UNTRACKED:
        for _ in range(steps):
            work.step()
    else:
        run_id = _tracked(uri, number, steps, work)
    return {
        "run_id": run_id,
        "seconds": time.monotonic() - began,
        "cpu_s": time.process_time() - began_cpu,
        "training_cpu_s": work.cpu_s,
        "products": work.products,
    }


def _tracked(uri: str, number: int, steps: int, work: Work) -> str:
    from seqmill.tracking.record import log_evaluation, log_setup
    from seqmill.tracking.run import open_run

    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = Path(scratch) / "checkpoint.ckpt"
        checkpoint.write_bytes(bytes(CHECKPOINT_BYTES))
        metrics = Path(scratch) / "metrics.json"
        metrics.write_text("{}")
        with open_run(uri, "toys", name=f"training {number}", tags={"seed": number}) as run:
            log_setup(
                run,
                params={f"group.key{index}": index for index in range(40)},
                config=f"seed: {number}\n",
                dataset=("toys", Path("manifest.json"), "ab" * 32),
                tags={"seed": number, "attempt": 1},
            )
            with run.system_metrics():
                for step in range(1, steps + 1):
                    work.step()
                    if step % LOGGED_EVERY == 0:
                        run.metrics({"batch_loss": 1 / step}, step)
                    if step % STEPS_PER_EPOCH == 0:
                        run.metrics(
                            {"epoch": step // STEPS_PER_EPOCH} | dict.fromkeys(OF_EPOCH, 1 / step), step
                        )
            run.file(checkpoint, "model")
        log_evaluation(uri, run.run_id, {f"f1.cell{index}": 0.5 for index in range(SCORES)}, [metrics])
    return run.run_id


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
    import pytorch_lightning  # noqa: F401  what every training loads, and shares with tracking

    if given.count == 1:
        print(json.dumps(training(given.uri, 0, given.steps, given.step_ms / 1000)))
        return
    import seqmill.tracking.record  # noqa: F401

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
