"""Runs and repeats, by hand."""

import numpy as np
import pytest

from seqmill.applications.small_variants.repeats import homopolymer, tandem_repeat


def codes(text: str) -> np.ndarray:
    return np.array(["ACGTN".index(base) for base in text], np.uint8)


@pytest.mark.parametrize(
    ("text", "at", "length"), [("ACCCT", 2, 3), ("ACCCT", 0, 1), ("AAAA", 3, 4), ("TAAAA", 1, 4)]
)
def test_homopolymer(text: str, at: int, length: int) -> None:
    assert homopolymer(codes(text), at) == length


@pytest.mark.parametrize(
    ("text", "at", "unit", "copies"),
    [
        ("ACGTTG", 0, 1, 1),
        ("AAAAAC", 0, 1, 5),
        ("CACACACAG", 0, 2, 4),
        ("GCACACACAG", 1, 2, 4),
        ("CAGCAGCAGT", 0, 3, 3),
        ("AAAAAAT", 0, 1, 6),
        ("ACGTACGT", 0, 4, 2),
    ],
)
def test_tandem_repeat(text: str, at: int, unit: int, copies: int) -> None:
    assert tandem_repeat(codes(text), at) == (unit, copies)
