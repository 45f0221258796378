"""The best epoch, and the end when nothing improves, by hand."""

import math
from types import SimpleNamespace

import pytest
import torch

from seqmill.errors import SeqmillError
from seqmill.training.history import History


class Epochs:
    """Plays losses to a history as a Trainer would."""

    def __init__(self, patience):
        self.kept = []
        self.waited = 0.0
        self.history = History(
            patience=patience,
            keep_best=lambda: self.kept.append(self.trainer.current_epoch),
            waited=lambda: self.waited,
        )
        self.trainer = SimpleNamespace(
            current_epoch=0,
            global_step=0,
            max_epochs=9,
            should_stop=False,
            is_global_zero=False,
            callback_metrics={},
            optimizers=[SimpleNamespace(param_groups=[{"lr": 0.5}])],
        )
        self.module = SimpleNamespace(device=torch.device("cpu"))
        self.history.on_train_start(self.trainer, self.module)

    def play(self, validation, batches=((1.0, 4),)):
        for loss, size in batches:
            batch = {"weight": torch.ones(size)}
            self.history.on_train_batch_end(self.trainer, self.module, {"loss": torch.tensor(loss)}, batch, 0)
            self.trainer.global_step += 1
        self.trainer.callback_metrics = {
            "train_loss": torch.tensor(9.0),
            "validation_loss": torch.tensor(validation),
            "validation_accuracy": torch.tensor(0.75),
        }
        self.history.on_validation_end(self.trainer, self.module)
        self.history.on_train_epoch_end(self.trainer, self.module)
        self.trainer.current_epoch += 1


def test_an_entry_of_an_epoch():
    epochs = Epochs(patience=0)
    epochs.play(0.25, batches=[(1.0, 3), (5.0, 1)])
    (entry,) = epochs.history.entries
    assert entry["examples_per_s"] > 0 and entry["seconds"] > 0
    assert {key: entry[key] for key in entry if key not in ("examples_per_s", "loader_wait", "seconds")} == {
        "epoch": 1,
        "step": 2,
        "train_loss": 2.0,
        "learning_rate": 0.5,
        "validation_loss": 0.25,
        "validation_accuracy": 0.75,
    }


def test_waiting_for_batches_is_a_share_of_each_epoch(monkeypatch):
    now = 0.0
    monkeypatch.setattr("seqmill.training.history.time.monotonic", lambda: now)
    epochs = Epochs(patience=0)
    now, epochs.waited = 8.0, 2.0
    epochs.play(1.0)
    now, epochs.waited = 12.0, 2.5
    again = Epochs(patience=0)
    epochs.history.on_train_batch_end(
        epochs.trainer, epochs.module, {"loss": torch.tensor(1.0)}, {"weight": torch.ones(4)}, 0
    )
    again.history.load_state_dict(epochs.history.state_dict())  # resumed in the middle of the epoch
    again.history.on_train_start(again.trainer, again.module)
    now, again.waited = 16.0, 1.5
    again.play(1.0)
    assert [entry["loader_wait"] for entry in again.history.entries] == [0.25, 0.25]


@pytest.mark.parametrize(
    ("patience", "losses", "kept", "stops_after"),
    [
        (2, [3, 2, 2.5, 2.4, 1], [0, 1], 4),
        (1, [3, 3], [0], 2),
        (2, [3, 2, 4, 1, 4, 4], [0, 1, 3], 6),
        (0, [3, 4, 5, 6], [0], None),
    ],
)
def test_the_best_is_kept_and_patience_ends(patience, losses, kept, stops_after):
    epochs = Epochs(patience)
    stopped = None
    for played, loss in enumerate(losses, start=1):
        epochs.play(float(loss))
        if epochs.trainer.should_stop:
            stopped = played
            break
    assert epochs.kept == kept
    assert stopped == stops_after
    assert epochs.history.best == {"epoch": kept[-1] + 1, "validation_loss": losses[kept[-1]]}


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_an_error(loss):
    with pytest.raises(SeqmillError, match=r"epoch 1: the validation loss is (nan|inf); lower optimizer"):
        Epochs(patience=0).play(loss)


def test_the_speed_is_the_median_over_epochs():
    history = Epochs(patience=0).history
    assert history.examples_per_second == 0
    history.entries = [{"examples_per_s": rate} for rate in (1.0, 30.0, 20.0)]
    assert history.examples_per_second == 20
