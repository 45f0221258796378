"""What a model of two blocks rests on, by hand, whatever else its inputs hold."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.profiled.task import ProfiledTask
from seqmill.interpretation.profiles import attribute_one, names_of
from seqmill.profiles.table import Block, Table
from seqmill.shards.schema import Encoding

VALUES = np.array([[1.0, 5.0], [3.0, 7.0], [5.0, 9.0]], np.float32)
MASK = np.array([[1, 1], [1, 1], [1, 0]], bool)
BITS = np.array([[1, 0], [0, 0], [1, 1]], np.uint8)
TABLE = Table(
    ("p", "q", "r"),
    {"x": Block(("f", "g"), VALUES, MASK), "b": Block(("v", "w"), BITS, np.ones((3, 2), bool))},
)
WEIGHTS = torch.tensor([2.0, 0.0, 3.0, -1.0, 50.0, 50.0, 50.0])  # bits, values, masks and the block's own


@pytest.fixture
def task():
    encoding = Encoding(
        application="toy", version=1, options={}, columns=(), tables={"profiles": TABLE.layout}
    )
    built = ProfiledTask(network=torch.nn.Identity(), encoding=encoding, run=SimpleNamespace())
    built.take_tables({"profiles": TABLE})
    built.fit_tables({"profile": np.array([0, 1, 2])})
    return built.eval()


def test_names_are_in_the_order_of_the_inputs(task):
    assert names_of(TABLE, task.inputs["profiles"].layout) == [("b", "v"), ("b", "w"), ("x", "f"), ("x", "g")]


def test_a_linear_model_rests_on_weight_times_distance_from_the_mean(task):
    found = attribute_one(task, lambda inputs: inputs @ WEIGHTS, np.arange(3))
    spread = VALUES[:, 0].std()
    scaled = np.abs(VALUES[:, 0] - 3) / spread
    assert found.importance == pytest.approx([2 * 2 / 3, 0, 3 * scaled.mean(), 2 / 3], rel=1e-5)
    assert found.slope == pytest.approx([2, 0, 3, -1], rel=1e-5)
    assert found.gap < 1e-5


def test_a_model_that_says_the_same_of_all_rests_on_nothing(task):
    found = attribute_one(task, lambda inputs: inputs[:, 0] * 0, np.arange(3))
    assert not found.importance.any()
    assert found.gap == 0
