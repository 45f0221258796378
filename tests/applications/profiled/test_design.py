"""All that baselines learn from a table: its blocks side by side, and no tokens."""

import numpy as np

from seqmill.applications.profiled.design import side
from seqmill.profiles.table import Block, Table


def test_a_table_is_its_blocks_side_by_side_without_tokens():
    blocks = {
        "x": Block(("f",), np.array([[1], [2]], np.int8), np.array([[True], [False]])),
        "y": Block(("g",), np.array([[3.5], [4.5]], np.float32), np.ones((2, 1), bool)),
        "z": Block(("t",), np.array([[1], [2]], np.uint8), np.ones((2, 1), bool), ("C", "O")),
    }
    assert np.array_equal(side(Table(("a", "b"), blocks)), [[1, 3.5], [np.nan, 4.5]], equal_nan=True)
