"""Bases as codes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.genome.bases import codes_of, opposite_strand, reverse_complement, sequence_of


def test_codes_follow_the_alphabet_and_anything_else_is_ambiguous():
    assert codes_of("ACGTNR").tolist() == [0, 1, 2, 3, 4, 4]


@given(st.text("ACGTN", max_size=30))
def test_text_comes_back(sequence: str):
    assert sequence_of(codes_of(sequence)) == sequence


@given(st.text("ACGTN", max_size=30))
def test_the_other_strand_is_read_backwards_by_complements(sequence: str):
    pairs = dict(zip("ACGTN", "TGCAN", strict=True))
    turned = "".join(pairs[base] for base in sequence[::-1])
    assert sequence_of(reverse_complement(codes_of(sequence))) == turned
    assert opposite_strand(sequence) == turned


def test_every_row_is_turned():
    both = reverse_complement(np.stack([codes_of("AAC"), codes_of("GTN")]))
    assert [sequence_of(row) for row in both] == ["GTT", "NAC"]
