"""Inputs by hand: standardised over the values that are there; what is missing is the mean, and says so."""

import numpy as np
import pytest
import torch

from seqmill.errors import InputError
from seqmill.models.blocks import MOST, Quantities, TableInput, Words, perceptron, tower, width_of

LAYOUT = {
    "expression": {"size": 2, "dtype": "float32", "features": "-"},
    "bits": {"size": 3, "dtype": "uint8", "features": "-"},
}
VALUES = {
    "expression": np.array([[1, 7], [3, 7], [99, 7], [1000, 8]], np.float32),
    "bits": np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [5, 0, 0]], np.uint8),
}
MASKS = {
    "expression": np.array([[1, 1], [1, 1], [0, 1], [1, 0]], bool),
    "bits": np.ones((4, 3), bool),
}


@pytest.fixture
def table():
    built = TableInput(LAYOUT)
    built.hold(VALUES, MASKS)
    built.fit(np.array([0, 1, 2, 0, 0]))
    return built


def test_means_and_spreads_are_of_the_distinct_rows_and_of_values_that_are_there(table):
    assert table.mean_expression.tolist() == [2, 7]
    assert table.spread_expression.tolist() == [1, 1]  # the second does not vary


def test_places_of_values_are_those_of_the_inputs(table):
    places = table.places()
    inputs = table(torch.tensor([1]))
    assert inputs[0, places["bits"]].tolist() == VALUES["bits"][1].tolist()
    assert inputs[0, places["expression"]].tolist() == [1, 0]
    assert width_of(LAYOUT) == inputs.shape[1]


def test_a_missing_value_is_zero_and_says_so(table):
    # in the order of the names: three bits; two values, their masks (the second never varied), the block
    third = 1 / 3  # the share of rows without the first value
    expected = [
        [1, 0, 0, -1, 0, third, 0, 0],
        [0, 0, 1, 0, 0, third - 1, 0, 0],
        [5, 0, 0, MOST, 0, third, 0, 0],
    ]
    assert torch.allclose(table(torch.tensor([0, 2, 3])), torch.tensor(expected))
    assert width_of(LAYOUT) == 8


def test_what_stands_in_place_of_a_missing_value_has_no_say(table):
    other = TableInput(LAYOUT)
    values = {name: np.where(MASKS[name], held, 55).astype(held.dtype) for name, held in VALUES.items()}
    other.hold(values, MASKS)
    other.fit(np.array([0, 1, 2]))
    rows = torch.arange(4)
    assert torch.equal(other(rows), table(rows))


def test_whole_blocks_are_dropped_and_never_all_of_them(table):
    torch.manual_seed(1)
    rows = torch.zeros(4000, dtype=torch.int64)
    given = table(rows, dropped=0.5)
    bits, expression = given[:, :3].any(1), given[:, 7] == 0
    assert (bits | expression).all()
    # each is kept by itself in a quarter, both in the quarter that keeps both and in the one that keeps none
    for share, kept in ((0.5, bits & expression), (0.25, bits & ~expression), (0.25, expression & ~bits)):
        assert kept.float().mean().item() == pytest.approx(share, abs=0.04)
    assert not given[~expression, 3:5].any()
    assert torch.allclose(given[~expression, 5], torch.tensor(-2 / 3))  # the mask goes with its values


def test_the_state_holds_what_standardises_and_no_row_of_the_table(table):
    assert set(table.state_dict()) == {"mean_expression", "spread_expression", "share_expression"}


@pytest.mark.parametrize("hidden", [(), (4, 3)])
def test_a_perceptron_is_a_tower_and_a_linear_layer(hidden):
    built = perceptron(5, hidden, 2, dropout=0.1)
    assert len(built) == len(tower(5, hidden, 0.1)) + 1
    assert isinstance(built[-1], torch.nn.Linear)
    assert built(torch.zeros(7, 5)).shape == (7, 2)


def test_a_tower_ends_in_its_last_layer():
    built = tower(5, (4, 3), 0.1)
    assert built(torch.randn(7, 5)).shape == (7, 3)


WORDS = {
    "a_word": {"size": 2, "dtype": "uint8", "features": "-", "tokens": 7, "vocabulary": "-"},
    **LAYOUT,
}


class Remembers(torch.nn.Module):
    outputs = 1

    def forward(self, words):
        self.shown = words
        return words[:, :1].float()


def test_tokens_stand_behind_all_others_and_are_no_quantity(table):
    built = TableInput(WORDS)
    tokens = np.array([[3, 7], [200, 0], [1, 1], [0, 0]], np.uint8)
    built.hold(VALUES | {"a_word": tokens}, MASKS | {"a_word": np.ones((4, 2), bool)})
    built.fit(np.array([0, 1, 2]))
    rows = torch.arange(4)
    assert width_of(WORDS) == width_of(LAYOUT)
    assert torch.equal(Quantities(WORDS)(built(rows)), table(rows))
    words = Words(WORDS, Remembers())
    assert words(built(rows))[:, 0].tolist() == [3, 200, 1, 0]
    assert torch.equal(words.reader.shown, torch.from_numpy(tokens).long())


def test_words_want_one_block_of_tokens():
    for layout in (LAYOUT, WORDS | {"more": WORDS["a_word"]}):
        with pytest.raises(InputError, match="blocks of tokens, want one"):
            Words(layout, Remembers())
