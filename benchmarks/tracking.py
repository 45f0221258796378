"""What tracking adds to a training: CPU seconds of the same training with it and without it.

Each training is a process of its own (tests/tracking/trainings.py) whose steps compute nothing of use but
call the store as real ones do. What loading MLflow costs counts. What a run costs once, and what it costs for
each second of training, follow from a short and a longer training; from them what ten minutes cost. The
processes of a server and its database are not counted: they are not the training's.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from harness import Claim, claim, main

ROOT = Path(__file__).resolve().parents[1]
STEP_MS = 20.0
SHORT_S, LONG_S = 5.0, 30.0
LONG_TOGETHER_S = 15.0
TOGETHER = 12
TRAINING_S = 600.0
LIMIT = 1.02
UNTRACKED = "none"
STORES = {"sqlite": "SQLite", "server": "a server on PostgreSQL"}


@dataclass(frozen=True)
class Cost:
    """What tracking costs a run.

    Attributes
    ----------
    once : float
        CPU seconds of a run, however long.
    share : float
        CPU seconds for each CPU second of training.
    pace : float
        Work that a CPU second of training does, beside a training without tracking.
    """

    once: float
    share: float
    pace: float

    def beside(self, training_s: float) -> float:
        """Give the CPU seconds of a training with its tracking."""
        return training_s + self.once + self.share * training_s

    @property
    def enough(self) -> str:
        """From which length on tracking stays within the limit."""
        left = LIMIT - 1 - self.share
        return f"from {self.once / left:.0f} s of training on" if left > 0 else "at no length"


def train(uri: str, seconds: float, *, together: int) -> list[dict[str, Any]]:
    """Train at once, each in a process of its own; give what each cost."""
    command = [sys.executable, str(ROOT / "tests/tracking/trainings.py"), uri, "--count", "1"]
    command += ["--steps", str(round(1000 * seconds / STEP_MS)), "--step-ms", str(STEP_MS)]
    begun = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(together)]
    answers = [process.communicate()[0] for process in begun]
    if any(process.returncode for process in begun):
        raise AssertionError(f"{uri}: a training failed")
    return [json.loads(answer) for answer in answers]


def costs(
    uris: dict[str, str], lengths: tuple[float, float], *, together: int, rounds: int
) -> dict[str, Cost]:
    """Measure every store, and trainings without one, in turn."""
    names = [UNTRACKED, *uris]
    found: dict[tuple[str, float], list[dict[str, Any]]] = {
        (name, length): [] for name in names for length in lengths
    }
    for _ in range(rounds):
        for name, length in found:
            found[name, length] += train(uris.get(name, UNTRACKED), length, together=together)
    short, long = lengths
    return {name: _cost(found, name, short, long) for name in uris}


def _cost(found: dict[tuple[str, float], list[dict[str, Any]]], name: str, short: float, long: float) -> Cost:
    added = {
        length: _added(found[name, length]) - _added(found[UNTRACKED, length]) for length in (short, long)
    }
    share = (added[long] - added[short]) / (long - short)
    return Cost(
        once=added[short] - share * short,
        share=share,
        pace=_pace(found[name, long]) / _pace(found[UNTRACKED, long]),
    )


def _added(trainings: list[dict[str, Any]]) -> float:
    return median(one["cpu_s"] - one["training_cpu_s"] for one in trainings)


def _pace(trainings: list[dict[str, Any]]) -> float:
    return median(one["products"] / one["training_cpu_s"] for one in trainings)


@contextmanager
def stores() -> Iterator[tuple[dict[str, str], str]]:
    """Give the address of each store, with the experiment of the trainings in it, and why one is missing."""
    sys.path.insert(0, str(ROOT))
    from seqmill.tracking.store import init_store
    from tests.tracking import postgres
    from tests.tracking.server import mlflow_server

    reason = postgres.missing()
    with tempfile.TemporaryDirectory() as folder:
        uris = {"sqlite": f"sqlite:///{folder}/mlflow.db"}
        init_store(uris["sqlite"], "toys")
        if reason:
            yield uris, reason
            return
        with postgres.server() as database, mlflow_server(database, Path(folder)) as address:
            init_store(address, "toys")
            yield uris | {"server": address}, ""


def claims(*, quick: bool) -> list[Claim]:
    """Train alone, then twelve at once, with every store and without."""
    with stores() as (uris, reason):
        alone = costs(uris, (0.5, 1.0) if quick else (SHORT_S, LONG_S), together=1, rounds=1)
        many = costs(
            uris,
            (0.5, 1.0) if quick else (SHORT_S, LONG_TOGETHER_S),
            together=2 if quick else TOGETHER,
            rounds=1,
        )
    return [
        _claim(store, how, measured.get(store), reason)
        for how, measured in (("one", alone), ("twelve", many))
        for store in STORES
    ]


def _claim(store: str, how: str, cost: Cost | None, reason: str) -> Claim:
    at_once = ", twelve at once" if how == "twelve" else ""
    note = reason
    if cost is not None:
        note = (
            f"{cost.once:.2f} s a run and {100 * cost.share:.2f} % of training; within 2 % "
            f"{cost.enough}; a second of training does {cost.pace:.3f} of the work"
        )
    return claim(
        f"tracking_{store}_{how}",
        f"Training of ten minutes, tracked in {STORES[store]}{at_once}",
        ours=None if cost is None else cost.beside(TRAINING_S),
        peer=None if cost is None else TRAINING_S,
        peer_name="without tracking",
        goal=LIMIT,
        unit="CPU s",
        higher_is_better=False,
        note=note,
    )


if __name__ == "__main__":
    main(claims)
