"""The loss against closed forms."""

from types import SimpleNamespace

import pytest
import torch

from seqmill.applications.small_variants.augment import Augmentation
from seqmill.applications.small_variants.spec import APPLICATION, Options
from seqmill.applications.small_variants.task import build_task, class_weights
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, ROWS, payload


class Fixed(torch.nn.Module):
    """Gives the same logits to every example."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.logits = torch.nn.Parameter(torch.tensor(logits))

    def forward(self, pileup: torch.Tensor) -> torch.Tensor:
        return self.logits.expand(len(pileup), 3)


def task(logits: list[float], rule: str = "none"):
    run = SimpleNamespace(
        trainer=SimpleNamespace(class_weights=rule, label_smoothing=0.0),
        augmentation=Augmentation(),
        optimizer=None,
    )
    encoding = APPLICATION.encoding(Options(rows=ROWS, columns=COLUMNS))
    made = build_task(
        network=Fixed(logits), encoding=encoding, run=run, label_counts={"0": 6, "1": 3, "2": 1}
    )
    made.log = lambda *_, **__: None
    return made


def batch(copies: list[int], weight: list[float]) -> dict[str, torch.Tensor]:
    return {
        "pileup": payload([ALT, REF]).repeat(len(copies), 1),
        "copies": torch.tensor(copies, dtype=torch.int8),
        "weight": torch.tensor(weight),
    }


def test_the_loss_is_the_weighted_cross_entropy() -> None:
    loss = task([0.0, 1.0, 2.0]).training_step(batch([0, 2], [3.0, 1.0]), 0)
    log_p = torch.tensor([0.0, 1.0, 2.0]).log_softmax(0)
    assert loss.item() == pytest.approx(-(3 * log_p[0] + log_p[2]).item() / 4, abs=1e-6)


def test_balanced_weights_make_every_class_count_the_same() -> None:
    weights = class_weights("balanced", {"0": 6, "1": 3, "2": 1})
    assert (weights * torch.tensor([6.0, 3.0, 1.0])).tolist() == pytest.approx([10 / 3] * 3)


def test_counts_may_come_by_number() -> None:
    assert torch.equal(
        class_weights("balanced", {0: 6, 1: 3, 2: 1}), class_weights("balanced", {"0": 6, "1": 3, "2": 1})
    )


def test_predictions_are_logits() -> None:
    found = task([0.0, 1.0, 2.0]).predict_step(batch([0, 1], [1.0, 1.0]))
    assert found["logits"].tolist() == [[0.0, 1.0, 2.0]] * 2
