import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.simulate.repeats import find_repeats


def spans(found):
    return list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "unit", "copies", "expected"),
    [
        ("ACCCCG", 1, 3, [(1, 5)]),
        ("AAAACCCC", 1, 4, [(0, 4), (4, 8)]),
        ("AAA", 1, 4, []),
        ("NNNNNN", 1, 3, []),
        ("GACACACT", 2, 3, [(1, 7)]),
        ("GACACAT", 2, 2, [(1, 6)]),
        ("AAAAAA", 2, 2, []),
        ("TACGACGACGT", 3, 3, [(1, 10)]),
        ("ACACACAC", 4, 2, []),
        ("ACGTACGT", 4, 2, [(0, 8)]),
        ("A", 2, 2, []),
    ],
)
def test_repeats_of_small_sequences(encode, text, unit, copies, expected):
    assert spans(find_repeats(encode(text), unit=unit, copies=copies)) == expected


def test_lengths_and_copies(encode):
    found = find_repeats(encode("GACACAT"), unit=2, copies=2)
    assert found.lengths.tolist() == [5]
    assert found.copies.tolist() == [2]


@given(st.text("ACGTN", max_size=60), st.integers(2, 6))
def test_homopolymers_are_those_of_a_regular_expression(text, copies):
    codes = np.array(["ACGTN".index(base) for base in text], np.uint8)
    expected = [found.span() for found in re.finditer(rf"([ACGT])\1{{{copies - 1},}}", text)]
    assert spans(find_repeats(codes, unit=1, copies=copies)) == expected
