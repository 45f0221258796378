"""The loss by hand, and the geometry of moves, turns and predictions."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.accessibility.options import Augmentation
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.applications.accessibility.task import build_task
from seqmill.errors import InputError

OPTIONS = Options(span=40, flank=30, window=20, stride=10)
ROWS = 3


class Flat(torch.nn.Module):
    """Expects the same in every bin, and remembers what it was shown."""

    margin, bin, step = 5, 5, 5

    def forward(self, x):
        self.shown = x
        bins = (x.shape[-1] - 2 * self.margin) // self.bin
        windows = (bins - 4) // 1 + 1
        return torch.full((len(x), 1, bins), -0.5), torch.full((len(x), 1, windows), 1.2)


def task(**augmentation):
    run = SimpleNamespace(
        augmentation=Augmentation(**{"jitter": 0, "reverse_complement": False} | augmentation)
    )
    return build_task(network=Flat(), encoding=encoding(OPTIONS), run=run, label_counts={})


@pytest.fixture
def batch():
    rng = np.random.default_rng(3)
    ends = rng.integers(0, 5, (ROWS, OPTIONS.width)).astype(np.uint8)
    ends[1, 30:52] = 255
    ends[2] = 255
    return {
        "sequence": torch.from_numpy(rng.integers(0, 4, (ROWS, OPTIONS.width)).astype(np.uint8)),
        "ends": torch.from_numpy(ends),
        "coverage": torch.tensor([1.0, 1.5, 1.0]),
        "weight": torch.tensor([1.0, 2.0, 1.0]),
    }


def test_the_loss_is_that_of_the_definition(batch):
    ends = batch["ends"].numpy()[:, 30:70].astype(float)
    losses = []
    for row in range(ROWS):
        coverage = float(batch["coverage"][row])
        bins = [ends[row, at : at + 5] for at in range(0, 40, 5)]
        surprise = [
            np.exp(-0.5) * coverage - part.sum() * (-0.5 + np.log(coverage))
            for part in bins
            if 255 not in part
        ]
        windows = [ends[row, at : at + 20] for at in range(0, 25, 5)]
        errors = [
            (np.log1p(np.exp(1.2) * coverage) - np.log1p(part.sum())) ** 2
            for part in windows
            if 255 not in part
        ]
        losses.append(sum(np.mean(terms) for terms in (surprise, errors) if terms))
    expected = np.average(losses, weights=batch["weight"].numpy())
    assert float(task().training_step(batch, 0)) == pytest.approx(expected, rel=1e-5)


def test_moves_stay_inside_the_flank_and_differ_between_examples(batch):
    one = task(jitter=20)
    seen = set()
    for seed in range(40):
        torch.manual_seed(seed)
        one.training_step(batch, 0)
        shown = one.network.shown.argmax(1)
        for row in range(ROWS):
            wanted = batch["sequence"][row].long().unfold(0, 50, 1)
            found = (wanted == shown[row]).all(1).nonzero().ravel()
            assert len(found) == 1
            seen.add(int(found[0]) - 25)
    assert min(seen) < -15
    assert max(seen) > 15
    assert max(map(abs, seen)) <= 20


def test_sequence_and_ends_are_turned_together(batch):
    class Pointed(Flat):
        """Expects most where it sees A, so that the loss tells whether both were turned."""

        def forward(self, x):
            super().forward(x)
            inner = x[..., self.margin : -self.margin]
            rates = torch.nn.functional.avg_pool1d(inner[:, 0] + inner[:, 3], 5) - 1
            return rates[:, None], torch.full((len(x), 1, rates.shape[1] - 3), 1.2)

    one = task(reverse_complement=True)
    one.network = Pointed()
    found = set()
    for seed in range(20):
        torch.manual_seed(seed)
        found.add(round(float(one.training_step(batch, 0)), 4))
    assert len(found) == 1


def test_predictions_cover_the_scored_windows(batch):
    outputs = task().predict_step(batch)
    assert outputs["log_counts"].shape == (ROWS, OPTIONS.windows)
    assert outputs["log_rates"].shape == (ROWS, (OPTIONS.span + OPTIONS.tail) // 5)
    torch.testing.assert_close(outputs["log_counts"][0, 0], torch.tensor(1.2).exp().log1p())


def test_too_narrow_a_flank_is_refused():
    with pytest.raises(InputError, match=r"options.flank: found 30, want at least 45: the network sees 5"):
        task(jitter=40)
