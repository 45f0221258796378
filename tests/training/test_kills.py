"""Killed at random moments, by all that kills, and started again, a run ends as if nothing had happened."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import torch

from seqmill.files import read_json
from seqmill.shards.loader import Loader
from seqmill.training import checkpoint

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SEED = 4
KILLS = 24
EPOCHS = 8
TERM, KILL = signal.SIGTERM, signal.SIGKILL
CAUSES = {
    "startup": (TERM, KILL),
    "train": (TERM, KILL, "limit"),
    "validation": (TERM, KILL),
    "save": (TERM, KILL, "full"),
    "output": (KILL, "full"),
}
TIMES = {"examples_per_s", "seconds", "loader_wait", "wall_s", "cpu_s", "run_id", "attempts", "history"}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")},
    "OMP_NUM_THREADS": "1",
    "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL": "0.2",
}


class Warm:
    """The process that trains and kills on demand."""

    def __init__(self):
        spaces = ["unshare", "-Urm"]
        tried = shutil.which("unshare") and subprocess.run([*spaces, "true"], capture_output=True).returncode
        self.has_disks = tried == 0
        self._process = subprocess.Popen(
            [*(spaces if self.has_disks else []), sys.executable, str(HERE / "killing.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )

    def __call__(self, do, **order):
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


class Story:
    """One training, however often it is killed: its places, and what the store says about it."""

    def __init__(self, warm, folder, config_dir, manifest, empty_store):
        folder.mkdir()
        self.folder, self._warm, self.manifest = folder, warm, manifest
        self.is_done = False
        self.state, self.output = folder / "state", folder / "out"
        self._store = shutil.copy(empty_store, folder / "mlflow.db")
        given = ["experiment=plain", "seed=1", f"dataset.manifest={manifest.path}"]
        given += [f"trainer.epochs={EPOCHS}", "trainer.early_stopping_patience=0", "--config-dir", config_dir]
        given += ["--output", self.output, "--state-dir", self.state]
        given += ["--tracking-uri", f"sqlite:///{self._store}"]
        self.args = [str(arg) for arg in [*given, "--tracking-experiment", "toys", "--threads", 1]]

    def attempt(self, **kill):
        """Train until it is done or killed."""
        return self._warm("attempt", args=self.args, log=str(self.folder / "log"), **kill)

    def tidy(self):
        """Set an abandoned run killed."""
        assert self._warm("tidy", store=f"sqlite:///{self._store}", state=str(self.state)) == {"code": 0}

    @property
    def said(self):
        """What the last attempt said."""
        return (self.folder / "log").read_text()

    @property
    def states(self):
        """States to go on from; one that is being dropped is none."""
        return [path for path in self.state.glob("*") if not path.name.startswith(".dropped.")]

    @property
    def statuses(self):
        """Status of each tracked run."""
        return [status for (status,) in self._ask("select status from runs")]

    @property
    def points(self):
        """Steps and values of each metric."""
        found = {}
        for key, step, value in self._ask("select key, step, value from metrics order by key, step"):
            found.setdefault(key, []).append((step, value))
        return found

    def _ask(self, question):
        store = sqlite3.connect(self._store)
        try:
            return store.execute(question).fetchall()
        finally:
            store.close()

    def result(self):
        """Record without times, weights, and predictions on the test split."""
        record = read_json(self.output / "train.json")
        module, _ = checkpoint.load(self.output / "checkpoint.ckpt")
        loader = Loader(self.manifest, "test", batch_size=100, seed=0, shuffle=False)
        (batch,) = loader.epoch(0)
        with torch.no_grad():
            logits = module.network(torch.from_numpy(batch["payload"]) / 255)
        plain = {key: value for key, value in record.items() if key not in TIMES}
        history = [{key: entry[key] for key in entry if key not in TIMES} for entry in record["history"]]
        return plain, history, dict(module.state_dict()), logits


@pytest.fixture(scope="module")
def warm():
    process = Warm()
    yield process
    process.close()


@pytest.fixture(scope="module")
def begin(warm, tmp_path_factory, config_dir, manifest, empty_store):
    """Begin a story."""
    folder = tmp_path_factory.mktemp("stories")

    def named(name):
        return Story(warm, folder / name, config_dir, manifest, empty_store)

    return named


@pytest.fixture(scope="module")
def whole(begin, warm):
    """The training that nothing stops; after it the warm process knows all that is imported on the way."""
    story = begin("whole")
    modules = story.folder / "modules.json"
    first = story.attempt(modules=str(modules))
    assert first["code"] == 0, story.said
    assert warm("warm", modules=json.loads(modules.read_text())) == {"threads": 1}
    return story


def assert_same(story, whole, *, beside=()):
    """Weights and predictions to the bit, the record, one finished run, each number once and none missing.

    Metrics named in `beside` are left out.
    """
    (plain, history, weights, logits), expected = story.result(), whole.result()
    assert (plain, history) == expected[:2]
    assert weights.keys() == expected[2].keys()
    assert all(torch.equal(weights[name], expected[2][name]) for name in weights)
    assert torch.equal(logits, expected[3])
    assert story.statuses == ["FINISHED"]
    assert not story.states
    assert sorted(path.name for path in story.output.iterdir()) == [
        "checkpoint.ckpt",
        "config.yaml",
        "train.json",
    ]
    found, wanted = story.points, whole.points
    ours = {key for key in found if not key.startswith("system/")}.difference(beside)
    assert ours == {key for key in wanted if not key.startswith("system/")}.difference(beside)
    for key in ours:
        assert [step for step, _ in found[key]] == [step for step, _ in wanted[key]], key
        assert key in TIMES or found[key] == wanted[key], key
    for key in found.keys() - ours - set(beside):
        assert [step for step, _ in found[key]] == list(range(len(found[key]))), key


class Moments:
    """Draws how and when to kill the attempts of a story."""

    def __init__(self, lasted):
        self._draw = random.Random(SEED)
        self._startup = lasted["entered"]["train"]
        self._output = lasted["seconds"] - lasted["entered"]["output"]
        self._seconds = lasted["seconds"]

    def story(self):
        """Give the kills of one story: most while it trains, then as it writes its outputs."""
        phases = ["startup", "train", "validation", "save", "save"]
        self._draw.shuffle(phases)
        return [self._kill(phase) for phase in [*phases, "output", "output"]]

    def _kill(self, phase):
        cause = self._draw.choice(CAUSES[phase])
        nth = self._draw.randint(1, {"train": 12, "validation": 5, "save": 7}.get(phase, 1))
        if cause == "limit":
            return {"limit": self._draw.uniform(0.1, 0.9) * self._seconds}
        if cause == "full":
            return {"full": phase, "nth": nth}
        longest = {"startup": self._startup, "output": self._output}.get(phase, 0.004)
        return {"phase": phase, "nth": nth, "delay": self._draw.uniform(0, longest), "number": int(cause)}


def stopped_honestly(statuses, before, ended):
    """Say whether a run that was stopped says so; one that was not opened again says what it said before."""
    return statuses == ["KILLED"] or (ended["phase"] == "startup" and statuses == before)


def check_attempt(story, kill):
    """Start and kill; give the cause when the attempt was stopped, after looking at what it left behind."""
    before = story.statuses
    ended = story.attempt(**kill)
    statuses = story.statuses
    assert len(statuses) <= 1, "one run in the store"
    if ended["code"] == 0:
        assert statuses == ["FINISHED"]
        return ""
    if "full" in kill:
        assert ended["code"] == 1 and "the disk is full; free some space" in story.said, story.said
        assert statuses == ["FAILED"]
        return f"full disk, {ended['phase']}"
    if "limit" in kill:
        assert ended["code"] == 75 and "stopped at the time limit" in story.said, story.said
        assert stopped_honestly(statuses, before, ended), (statuses, before)
        return f"time limit, {ended['phase']}"
    if ended["code"] == 75:
        assert kill["number"] == signal.SIGTERM and "stopped by SIGTERM" in story.said, story.said
        assert stopped_honestly(statuses, before, ended), (statuses, before)
        return f"SIGTERM, {ended['phase']}"
    assert ended["code"] == -kill["number"], story.said
    if kill["number"] == signal.SIGTERM:
        assert statuses == [], "it came before the command began"
        return "SIGTERM, startup"
    story.tidy()
    assert story.statuses in ([], ["KILLED"], ["FAILED"], ["FINISHED"])
    story.is_done = story.statuses == ["FINISHED"] and not story.states
    return f"SIGKILL, {ended['phase']}"


def test_killed_at_random_moments_a_run_ends_with_the_same_bits(begin, whole, capsys):
    timed = begin("timed")
    lasted = timed.attempt()
    assert lasted["code"] == 0, timed.said
    assert_same(timed, whole)
    moments, causes, began = Moments(lasted), Counter(), time.monotonic()
    for number in range(9):
        story = begin(f"killed-{number}")
        for kill in moments.story():
            cause = check_attempt(story, kill)
            if not cause:
                break
            causes[cause] += 1
        else:
            ended = story.attempt()
            assert ended["code"] == 0, story.said
        assert_same(story, whole)
        if causes.total() >= KILLS:
            break
    with capsys.disabled():
        took = time.monotonic() - began
        told = dict(sorted(causes.items()))
        print(f"\n{causes.total()} kills of {number + 1} runs in {took:.0f} s: {told}")
    assert causes.total() >= 20
    assert {cause.split(", ")[1] for cause in causes} == {"startup", "train", "validation", "save", "output"}
    assert {cause.split(", ")[0] for cause in causes} == {"SIGTERM", "SIGKILL", "full disk", "time limit"}


def test_a_disk_that_is_really_full_fails_with_its_state_whole_and_the_retry_goes_on(begin, whole, warm):
    if not warm.has_disks:
        pytest.skip("no user namespaces here: a disk of our own cannot be made")
    story = begin("disk")
    disk = str(story.state)
    assert warm("mount", folder=disk, kilobytes=400) == {"code": 0}
    warm("fill", folder=disk, left=0)
    ended = story.attempt()
    assert (ended["code"], story.statuses) == (1, []), story.said
    assert "run.json: the disk is full; free some space" in story.said
    warm("fill", folder=disk, left=-1)
    assert story.attempt(phase="train", nth=20, number=int(KILL))["code"] == -KILL
    for _ in range(2):
        (size,) = (size for name, size in warm("sizes", folder=disk)["sizes"] if name == "last.ckpt")
        warm("fill", folder=disk, left=size // 2)
        assert story.attempt()["code"] == 1, story.said
        assert ".ckpt: the disk is full; free some space" in story.said
        assert "Traceback" not in story.said
        assert story.statuses == ["FAILED"]
        warm("fill", folder=disk, left=-1)
    assert not [name for name, _ in warm("sizes", folder=disk)["sizes"] if ".part." in name]
    assert story.attempt()["code"] == 0, story.said
    assert warm("sizes", folder=disk) == {"sizes": []}
    assert_same(story, whole)


def test_a_damaged_state_is_named_and_the_one_before_it_used(begin, whole):
    story = begin("damaged")
    assert story.attempt(phase="train", nth=20, number=9)["code"] == -9
    (last,) = story.state.glob("*/last.ckpt")
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    assert story.attempt()["code"] == 0
    assert f"{last}: this state is damaged; going on from the one before it" in story.said
    assert_same(story, whole)


def catches_terms(process):
    """Say whether a process has a handler for SIGTERM."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt")), "0")
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_signal_while_the_program_is_loaded_ends_with_75_and_leaves_nothing(begin, whole):
    story, draw = begin("loading"), random.Random(SEED)
    for delay in (draw.uniform(0, 0.2), draw.uniform(0.2, 0.6), draw.uniform(0.6, 1)):
        process = subprocess.Popen(
            [sys.executable, str(HERE / "toy.py"), "train", *story.args],
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not catches_terms(process) and process.poll() is None:
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=300)
        assert process.returncode == 75, words
        assert "stopped by SIGTERM" in words and "Traceback" not in words
        assert story.statuses in ([], ["KILLED"])
    assert story.attempt()["code"] == 0, story.said
    # A program that began to train before it was stopped noted batch losses more rarely than `whole` does.
    assert_same(story, whole, beside=["batch_loss"])
