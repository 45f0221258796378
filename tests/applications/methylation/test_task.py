"""The loss against a loop over calls."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.methylation.spec import Options, encoding
from seqmill.applications.methylation.task import build_task

OPTIONS = Options(marks=("5mC", "6mA"), window=5, max_weight=10)


class Fixed(torch.nn.Module):
    """Says the same log-odds of every window, and remembers what it was shown."""

    def forward(self, x):
        self.shown = x
        return torch.tensor([[0.3, -1.2]]).expand(len(x), 2)


def batch():
    return {
        "sequence": torch.tensor([[0, 1, 1, 2, 4], [3, 3, 0, 0, 1]], dtype=torch.uint8),
        "level_5mC": torch.tensor([0.75, 0.0]),
        "coverage_5mC": torch.tensor([4.0, 0.0]),
        "level_6mA": torch.tensor([0.0, 0.5]),
        "coverage_6mA": torch.tensor([0.0, 20.0]),
        "weight": torch.tensor([4.0, 10.0]),
    }


def task():
    return build_task(
        network=Fixed(), encoding=encoding(OPTIONS), run=SimpleNamespace(optimizer=None), label_counts={}
    )


def test_the_loss_is_the_mean_over_calls():
    share = 1 / (1 + np.exp([-0.3, 1.2]))
    calls = [-np.log(share[0])] * 3 + [-np.log(1 - share[0])]
    calls += [-np.log(share[1])] * 5 + [-np.log(1 - share[1])] * 5  # 20 calls weigh as 10
    assert float(task().training_step(batch(), 0)) == pytest.approx(np.mean(calls), rel=1e-6)


def test_parts_of_a_batch_add_up_by_weight():
    whole, one = batch(), task()
    parts = [{name: values[row : row + 1] for name, values in whole.items()} for row in range(2)]
    losses = [float(one.training_step(part, 0)) for part in parts]
    assert np.average(losses, weights=[4, 10]) == pytest.approx(float(one.training_step(whole, 0)), rel=1e-6)


def test_levels_are_predicted_from_the_window_as_it_lies():
    one = task()
    found = one.predict_step(batch())["predicted_levels"]
    np.testing.assert_allclose(found[0], 1 / (1 + np.exp([-0.3, 1.2])), rtol=1e-6)
    assert one.network.shown[0].argmax(0)[:4].tolist() == [0, 1, 1, 2]
    assert one.network.shown[0, :, 4].sum() == 0
