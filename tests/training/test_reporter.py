"""The store hears of every epoch, and of a batch now and then, and of nothing that is not saved."""

from types import SimpleNamespace

import torch

from seqmill.training.reporter import EVERY_STEPS, Reporter


class Sink:
    """Stands in for a tracked run."""

    def __init__(self):
        self.sent = []
        self.times = []

    def metrics(self, values, step, time_ms):
        self.sent.append((values, step))
        self.times.append(time_ms)


def play(reporter, first, last):
    trainer = SimpleNamespace(global_step=0)
    for step in range(first, last + 1):
        trainer.global_step = step
        reporter.on_train_batch_end(trainer, None, {"loss": torch.tensor(float(step))}, None, 0)
    return trainer


ENTRY = {"epoch": 1, "step": 120, "train_loss": 0.5}
EXPECTED = [
    ({"batch_loss": float(EVERY_STEPS)}, EVERY_STEPS),
    ({"batch_loss": 2.0 * EVERY_STEPS}, 2 * EVERY_STEPS),
    ({"epoch": 1, "train_loss": 0.5}, 2 * EVERY_STEPS + 1),
]


def test_what_is_sent_and_when():
    sink, history = Sink(), SimpleNamespace(entries=[ENTRY])
    reporter = Reporter(sink, history)
    trainer = play(reporter, 1, 2 * EVERY_STEPS + 1)
    reporter.on_train_epoch_end(trainer, None)
    assert sink.sent == EXPECTED[:2], "an entry is sent when it is saved"
    reporter.send()
    reporter.send()
    assert sink.sent == EXPECTED


def test_a_resumed_run_offers_all_that_was_logged_at_the_same_times():
    first, second, history = Sink(), Sink(), SimpleNamespace(entries=[ENTRY])
    reporter = Reporter(first, history)
    reporter.on_train_epoch_end(play(reporter, 1, 2 * EVERY_STEPS + 1), None)
    saved = reporter.state_dict()
    reporter.send()

    resumed = Reporter(second, history)
    resumed.load_state_dict(saved)
    resumed.on_fit_start(None, None)
    assert (second.sent, second.times) == (first.sent, first.times)
    play(resumed, 2 * EVERY_STEPS + 2, 3 * EVERY_STEPS)
    assert second.sent[3:] == [({"batch_loss": 3.0 * EVERY_STEPS}, 3 * EVERY_STEPS)]


def test_other_ranks_send_nothing():
    reporter = Reporter(None, SimpleNamespace(entries=[ENTRY]))
    reporter.on_train_epoch_end(play(reporter, 1, EVERY_STEPS), None)
    reporter.send()
