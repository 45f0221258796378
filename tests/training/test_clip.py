"""The gradient's norm is limited, its direction kept."""

import pytest
import torch
from torch import nn

from seqmill.training.clip import Clip


@pytest.mark.parametrize(("norm", "wanted"), [(1.0, [0.6, 0.8]), (10.0, [3.0, 4.0])])
def test_only_long_gradients_are_scaled(norm: float, wanted: list[float]):
    module = nn.Linear(2, 1, bias=False)
    module.weight.grad = torch.tensor([[3.0, 4.0]])
    Clip(norm).on_before_optimizer_step(None, module, None)
    assert module.weight.grad[0].tolist() == pytest.approx(wanted, rel=1e-5)
