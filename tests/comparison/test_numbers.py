"""How numbers are printed."""

import math

import pytest

from seqmill.comparison.numbers import brief, percent, plural, share, signed, span

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"


def test_shares():
    assert [share(value) for value in (0.98352, 1.0, math.nan)] == ["0.9835", "1.0000", ""]
    assert [brief(value) for value in (0.98352, 0.99996, 0.0)] == [".9835", "1", ".0000"]
    assert span(0.98, 1.0) == f".9800{DASH}1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0123, "+.0123"), (-0.0123, f"{MINUS}.0123"), (0.00001, ".0000"), (-1, f"{MINUS}1.0000")],
)
def test_differences(value, expected):
    assert signed(value) == expected


def test_counts():
    assert [plural(n, "cell") for n in (1, 2, 1200)] == ["1 cell", "2 cells", "1,200 cells"]
    assert percent(1, 8, 2) == "12.50 %"
    assert percent(0, 0) == ""
