"""The store hears of every epoch, and of a batch now and then."""

from types import SimpleNamespace

import torch

from seqmill.training.reporter import EVERY_STEPS, Reporter


def test_what_is_sent_and_when():
    sent = []
    history = SimpleNamespace(entries=[{"epoch": 1, "step": 120, "train_loss": 0.5}])
    run = SimpleNamespace(metrics=lambda values, step: sent.append((values, step)))
    reporter = Reporter(run, history)
    trainer = SimpleNamespace(global_step=0)
    for step in range(1, 2 * EVERY_STEPS + 2):
        trainer.global_step = step
        reporter.on_train_batch_end(trainer, None, {"loss": torch.tensor(float(step))}, None, 0)
    reporter.on_train_epoch_end(trainer, None)
    assert sent == [
        ({"batch_loss": float(EVERY_STEPS)}, EVERY_STEPS),
        ({"batch_loss": 2.0 * EVERY_STEPS}, 2 * EVERY_STEPS),
        ({"epoch": 1, "train_loss": 0.5}, 2 * EVERY_STEPS + 1),
    ]
