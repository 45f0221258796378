"""Rows are looked up once each; what standardises is learnt from training rows alone."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.profiled.task import ProfiledTask, StandardisedTask, level_and_spread
from seqmill.profiles.table import Block, Table
from seqmill.shards.schema import Encoding

VALUES = np.array([[1.0, 5.0], [3.0, 5.0], [50.0, 6.0]], np.float32)
TABLE = Table(("a", "b", "c"), {"x": Block(("f", "g"), VALUES, np.ones((3, 2), bool))})
ENCODING = Encoding(application="toy", version=1, options={}, columns=(), tables={"profiles": TABLE.layout})


@pytest.fixture
def task():
    built = ProfiledTask(network=torch.nn.Identity(), encoding=ENCODING, run=SimpleNamespace())
    built.take_tables({"profiles": TABLE})
    built.fit_tables({"profile": np.array([0, 1, 1, -1])})
    return built


def test_rows_that_no_training_example_has_do_not_standardise(task):
    assert task.inputs["profiles"].mean_x.tolist() == [2, 5]


def test_each_distinct_row_is_looked_up_once(task):
    inputs, which = task.looked_up("profiles", torch.tensor([1, 0, 1, 1], dtype=torch.int32))
    assert inputs.shape == (2, 5)
    assert torch.equal(inputs[which], task.input_of("profiles", torch.tensor([1, 0, 1, 1])))
    assert inputs[which][:, 0].tolist() == [1, -1, 1, 1]


def test_blocks_are_dropped_in_training_alone():
    two = Table(TABLE.ids, {"x": TABLE.blocks["x"], "y": TABLE.blocks["x"]})
    encoding = Encoding(application="toy", version=1, options={}, columns=(), tables={"profiles": two.layout})
    task = ProfiledTask(network=torch.nn.Identity(), encoding=encoding, run=SimpleNamespace())
    task.take_tables({"profiles": two})
    rows = torch.zeros(64, dtype=torch.int64)
    torch.manual_seed(0)
    assert len(task.input_of("profiles", rows, 0.5).unique(dim=0)) == 3
    task.eval()
    assert len(task.input_of("profiles", rows, 0.5).unique(dim=0)) == 1


def test_level_and_spread_leave_out_what_is_missing():
    assert level_and_spread(np.array([1.0, np.nan, 3.0])) == (2.0, 1.0)
    assert level_and_spread(np.array([4.0, 4.0])) == (4.0, 1.0)


def test_labels_are_learnt_in_units_of_their_spread_and_told_in_their_own():
    task = StandardisedTask(network=torch.nn.Identity(), encoding=ENCODING, run=SimpleNamespace())
    told = torch.tensor([8.0, 14.0])
    assert task.standardised(told).tolist() == task.restored(told).tolist() == [8, 14]
    task.fit_label(np.array([9.0, np.nan, 13.0]))
    assert task.standardised(told).tolist() == [-1.5, 1.5]
    assert task.restored(task.standardised(told)).tolist() == [8, 14]
    assert {name: value.item() for name, value in task.state_dict().items() if "_" not in name} == {
        "level": 11,
        "spread": 2,
    }
