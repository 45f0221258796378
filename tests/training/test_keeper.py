"""State is saved where it is needed and not at every step."""

import signal
from types import SimpleNamespace

import pytest

from seqmill.errors import Interrupted
from seqmill.stopping import Stop
from seqmill.training import keeper
from seqmill.training.keeper import Keeper


class FakeTrainer(SimpleNamespace):
    """Stands in for a Trainer of one rank and counts saves."""

    def __init__(self, batches=10, epochs=3):
        super().__init__(
            num_training_batches=batches,
            max_epochs=epochs,
            current_epoch=0,
            should_stop=False,
            strategy=SimpleNamespace(reduce_boolean_decision=lambda value, all: value),
            saved=0,
        )

    def save_checkpoint(self, path):
        self.saved += 1


@pytest.fixture
def handlers():
    numbers = (signal.SIGTERM, signal.SIGINT)  # a job in the background is born deaf to SIGINT
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def keeper_of(path, stop=None, saved=lambda: None):
    return Keeper(path, stop or Stop(), saved)


def saves_of_an_epoch(kept, trainer):
    kept.on_train_start(trainer, None)
    saves = []
    for batch in range(trainer.num_training_batches):
        before = trainer.saved
        kept.on_train_batch_end(trainer, None, None, None, batch)
        saves += [batch] * (trainer.saved - before)
    return saves


def test_an_epoch_is_saved_before_its_last_batch_and_at_its_end(handlers, tmp_path):
    trainer, kept = FakeTrainer(), keeper_of(tmp_path)
    assert saves_of_an_epoch(kept, trainer) == [8]
    kept.on_train_epoch_end(trainer, None)
    assert trainer.saved == 2


def test_a_long_epoch_is_saved_now_and_then(handlers, monkeypatch, tmp_path):
    monkeypatch.setattr(keeper, "SAVE_EVERY_S", 0.0)
    assert saves_of_an_epoch(keeper_of(tmp_path), FakeTrainer()) == list(range(9))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_saves_and_stops_after_the_batch(handlers, number, tmp_path):
    trainer, kept = FakeTrainer(), keeper_of(tmp_path)
    kept.on_train_start(trainer, None)
    signal.raise_signal(number)
    with pytest.raises(Interrupted, match=f"stopped by {number.name}; the state is saved"):
        kept.on_train_batch_end(trainer, None, None, None, 3)
    assert trainer.saved == 1


def test_a_signal_in_the_last_batch_stops_with_the_state_before_it(handlers, tmp_path):
    trainer, kept = FakeTrainer(), keeper_of(tmp_path)
    kept.on_train_start(trainer, None)
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Interrupted):
        kept.on_train_batch_end(trainer, None, None, None, 9)
    assert trainer.saved == 0


def test_a_signal_at_the_very_end_lets_the_run_finish(handlers, tmp_path):
    trainer, kept = FakeTrainer(), keeper_of(tmp_path)
    kept.on_train_start(trainer, None)
    signal.raise_signal(signal.SIGTERM)
    trainer.current_epoch = 2
    kept.on_train_epoch_end(trainer, None)
    trainer.current_epoch, trainer.should_stop = 0, True
    kept.on_train_epoch_end(trainer, None)
    trainer.should_stop = False
    with pytest.raises(Interrupted):
        kept.on_train_epoch_end(trainer, None)


def test_another_ranks_stop_stops_this_one(handlers, tmp_path):
    trainer = FakeTrainer()
    trainer.strategy.reduce_boolean_decision = lambda value, all: True
    with pytest.raises(Interrupted, match="stopped with another rank"):
        saves_of_an_epoch(keeper_of(tmp_path), trainer)


def test_the_time_limit_saves_and_stops(handlers, tmp_path):
    trainer, kept = FakeTrainer(), keeper_of(tmp_path, Stop(deadline=0.0))
    kept.on_train_start(trainer, None)
    with pytest.raises(Interrupted, match="stopped at the time limit; the state is saved"):
        kept.on_train_batch_end(trainer, None, None, None, 3)
    assert trainer.saved == 1


def test_who_waits_for_a_state_hears_when_it_is_on_the_disk(handlers, tmp_path):
    trainer, heard = FakeTrainer(), []
    kept = keeper_of(tmp_path, saved=lambda: heard.append(trainer.saved))
    saves_of_an_epoch(kept, trainer)
    kept.on_train_epoch_end(trainer, None)
    assert heard == [1, 2]
