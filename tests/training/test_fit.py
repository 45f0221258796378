"""Training stopped anywhere and started again ends with the same bits as training never stopped."""

import os
import signal

import pytest
import pytorch_lightning as pl
import torch

from seqmill.errors import Interrupted, SeqmillError
from seqmill.stopping import Stop
from seqmill.training.checkpoint import save
from seqmill.training.fit import fit
from seqmill.training.hardware import find_hardware
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at
from seqmill.training.state import State

STEPS = 6  # batches of an epoch: 90 examples, 16 at a time
TIMES = {"examples_per_s", "loader_wait", "seconds"}


@pytest.fixture
def fit_once(manifest):
    """Fit with a fresh module, from the state in a folder, and give history, last and best weights."""

    def once(run, folder, stop=None):
        folder.mkdir(exist_ok=True)
        state = State(folder)
        seed_at(run.seed)
        module = build_module(run, manifest.encoding, {"light": 55, "heavy": 35})
        fitted = fit(
            module,
            manifest,
            run,
            state=state,
            hardware=find_hardware("fp32"),
            threads=1,
            keep_best=lambda: save(state.best, module.state_dict(), {}),
            stop=stop or Stop(),
        )
        best = torch.load(state.best, weights_only=True)["state_dict"]
        entries = [
            {key: value for key, value in entry.items() if key not in TIMES}
            for entry in fitted.history.entries
        ]
        return entries, {name: tensor.clone() for name, tensor in module.state_dict().items()}, best

    return once


@pytest.fixture
def whole(fit_once, compose_run, tmp_path):
    """What three epochs give when nothing stops them."""
    return fit_once(compose_run(), tmp_path / "whole")


class SignalAt(pl.Callback):
    """Sends this process a signal at chosen moments, each once."""

    def __init__(self, moments):
        self.moments = set(moments)

    def ask(self, trainer, *moment):
        if moment in self.moments:
            self.moments.discard(moment)
            os.kill(os.getpid(), signal.SIGTERM)

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        self.ask(trainer, "batch", trainer.global_step)

    def on_validation_batch_start(self, trainer, pl_module, batch, batch_idx, dataloader_idx=0):
        self.ask(trainer, "validation", trainer.current_epoch, batch_idx)

    def on_train_epoch_end(self, trainer, pl_module):
        self.ask(trainer, "epoch", trainer.current_epoch)


@pytest.fixture
def stop_at(monkeypatch):
    """Add to every Trainer a callback that asks for stops at moments of the whole run."""

    def at(moments):
        stop, make = SignalAt(moments), pl.Trainer.__init__

        def with_stop(self, *args, callbacks, **kwargs):
            make(self, *args, callbacks=[*callbacks[:-1], stop, callbacks[-1]], **kwargs)

        monkeypatch.setattr(pl.Trainer, "__init__", with_stop)
        return stop

    return at


def until_done(once):
    """Start again until it is done; give the result and the number of stops."""
    for stops in range(50):
        try:
            return once(), stops
        except Interrupted as error:
            assert error.exit_code == 75
    raise AssertionError("it never ends")


def assert_same(found, expected):
    assert found[0] == expected[0]
    for ours, theirs in zip(found[1:], expected[1:], strict=True):
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)


MOMENTS = [
    *(("batch", step) for step in range(2 * STEPS)),
    *(("validation", epoch, batch) for epoch in (0, 2) for batch in (0, 2)),
    ("epoch", 0),
    ("epoch", 1),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: "-".join(map(str, moment)))
def test_one_stop_changes_no_bit(moment, fit_once, compose_run, whole, stop_at, tmp_path):
    stop_at([moment])
    found, stops = until_done(lambda: fit_once(compose_run(), tmp_path / "stopped"))
    assert stops == 1
    assert_same(found, whole)


def test_a_stop_at_every_batch_changes_no_bit(fit_once, compose_run, whole, stop_at, tmp_path):
    stop_at([("batch", step) for step in range(3 * STEPS)])
    found, stops = until_done(lambda: fit_once(compose_run(), tmp_path / "stopped"))
    assert stops == 3 * STEPS
    assert_same(found, whole)


def test_what_is_kept_is_the_average_of_the_weights(fit_once, compose_run, tmp_path):
    one_epoch = ("trainer.epochs=1", "optimizer.learning_rate=0.05")
    _, ended, kept = fit_once(compose_run(*one_epoch, "trainer.average=0.5"), tmp_path / "average")
    _, weights, _ = fit_once(compose_run(*one_epoch), tmp_path / "plain")
    assert all(
        torch.equal(kept[name], ended[name]) for name in kept
    )  # Lightning leaves the average at the end
    assert not torch.equal(kept["network.0.weight"], weights["network.0.weight"])


@pytest.mark.parametrize("option", ["trainer.average=0.9", "optimizer.name=muon"])
def test_stops_change_no_bit_of_averages_and_of_orthogonal_steps(
    option, fit_once, compose_run, stop_at, tmp_path
):
    run = compose_run(option)
    expected = fit_once(run, tmp_path / "whole")
    assert not torch.equal(
        expected[2]["network.0.weight"], fit_once(compose_run(), tmp_path / "plain")[2]["network.0.weight"]
    )
    stop_at([*(("batch", step) for step in (1, STEPS - 1, STEPS + 3)), ("validation", 1, 0), ("epoch", 1)])
    found, stops = until_done(lambda: fit_once(run, tmp_path / "stopped"))
    assert stops == 5
    assert_same(found, expected)


def test_a_kill_without_warning_changes_no_bit(fit_once, compose_run, whole, monkeypatch, tmp_path):
    run, step = compose_run(), 2 * STEPS + 2
    task = type(build_module(run, *_encoding_and_counts(run)))
    training_step = task.training_step

    def dies(self, batch, index):
        if self.trainer.global_step == step:
            raise RuntimeError("killed")
        return training_step(self, batch, index)

    with monkeypatch.context() as patch:
        patch.setattr(task, "training_step", dies)
        with pytest.raises(RuntimeError, match="killed"):
            fit_once(run, tmp_path / "killed")
    assert_same(fit_once(run, tmp_path / "killed"), whole)


def test_a_complete_state_trains_no_further(fit_once, compose_run, whole, tmp_path):
    again = fit_once(compose_run(), tmp_path / "whole")
    assert again[0] == whole[0]
    assert_same((again[0], again[2]), (whole[0], whole[2]))


def test_early_stopping_holds_across_a_restart(fit_once, compose_run, tmp_path):
    run = compose_run("trainer.epochs=9", "trainer.early_stopping_patience=2", "optimizer.learning_rate=1")
    entries, _, best = fit_once(run, tmp_path / "stopped")
    losses = [entry["validation_loss"] for entry in entries]
    assert len(entries) < 9
    assert len(losses) - 1 - losses.index(min(losses)) == 2
    again = fit_once(run, tmp_path / "stopped")
    assert again[0] == entries
    assert_same((entries, again[2]), (entries, best))


def test_the_deadline_stops_with_the_state_saved(fit_once, compose_run, whole, tmp_path):
    with pytest.raises(Interrupted, match=r"time limit; the state is saved, run the same command again"):
        fit_once(compose_run(), tmp_path / "late", stop=Stop(deadline=0.0))
    assert (tmp_path / "late/last.ckpt").is_file()
    assert_same(fit_once(compose_run(), tmp_path / "late"), whole)


def test_evaluating_every_other_epoch_leaves_the_others_without_a_validation_loss(
    fit_once, compose_run, tmp_path
):
    run = compose_run("trainer.epochs=4", "trainer.evaluate_every=2")
    entries, *_ = fit_once(run, tmp_path / "sparse")
    assert ["validation_loss" in entry for entry in entries] == [False, True, False, True]


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(fit_once, compose_run, whole, tmp_path):
    assert_same(fit_once(compose_run(), tmp_path / "again"), whole)
    other = fit_once(compose_run("seed=2"), tmp_path / "other")
    assert not torch.equal(other[1]["network.0.weight"], whole[1]["network.0.weight"])


def test_a_loss_that_is_no_number_ends_training_and_says_what_to_lower(fit_once, compose_run, tmp_path):
    run = compose_run("optimizer.name=sgd", "optimizer.learning_rate=1e30", "optimizer.gradient_clip=0")
    with pytest.raises(SeqmillError, match=r"validation loss is .*; lower optimizer\.learning_rate"):
        fit_once(run, tmp_path / "diverged")


def test_the_train_loss_is_the_mean_over_examples(fit_once, compose_run, monkeypatch, tmp_path):
    seen = []
    run = compose_run("trainer.epochs=1")
    task = type(build_module(run, *_encoding_and_counts(run)))
    training_step = task.training_step

    def spy(self, batch, index):
        loss = training_step(self, batch, index)
        seen.append((len(batch["payload"]), loss.item()))
        return loss

    monkeypatch.setattr(task, "training_step", spy)
    entries, *_ = fit_once(run, tmp_path / "spied")
    assert [size for size, _ in seen] == [16, 16, 16, 16, 16, 10]
    assert entries[0]["train_loss"] == pytest.approx(sum(size * loss for size, loss in seen) / 90)


def _encoding_and_counts(run):
    from seqmill.shards.manifest import Manifest

    return Manifest.load(run.dataset.manifest).encoding, {}
