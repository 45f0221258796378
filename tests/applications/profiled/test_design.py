"""Tables as matrices of features, without tokens."""

import numpy as np

from seqmill.applications.profiled.design import side, standardised
from seqmill.profiles.table import Block, Table

BLOCKS = {
    "x": Block(("f",), np.array([[1], [2]], np.int8), np.array([[True], [False]])),
    "y": Block(("g",), np.array([[3.5], [4.5]], np.float32), np.ones((2, 1), bool)),
}


def test_a_table_is_its_blocks_side_by_side():
    assert np.array_equal(side(Table(("a", "b"), BLOCKS)), [[1, 3.5], [np.nan, 4.5]], equal_nan=True)


def test_some_blocks_can_be_chosen():
    assert side(Table(("a", "b"), BLOCKS), ["y"]).tolist() == [[3.5], [4.5]]


def test_distinct_training_rows_standardise_and_a_missing_value_is_their_mean():
    features = np.array([[1.0, 5.0], [3.0, np.nan], [9.0, 5.0]])
    assert standardised(features, np.array([0, 1, 1])).tolist() == [[-1, 0], [1, 0], [7, 0]]


def test_a_table_is_its_blocks_side_by_side_without_tokens():
    blocks = {
        "x": Block(("f",), np.array([[1], [2]], np.int8), np.array([[True], [False]])),
        "y": Block(("g",), np.array([[3.5], [4.5]], np.float32), np.ones((2, 1), bool)),
        "z": Block(("t",), np.array([[1], [2]], np.uint8), np.ones((2, 1), bool), ("C", "O")),
    }
    assert np.array_equal(side(Table(("a", "b"), blocks)), [[1, 3.5], [np.nan, 4.5]], equal_nan=True)
