"""Words of k bases against text, and the share of G and C by hand."""

from itertools import product

import numpy as np
import pytest

from seqmill.genome.bases import codes_of, reverse_complement, sequence_of
from seqmill.genome.words import canonical_words, gc_share, words_of


@pytest.mark.parametrize("k", [1, 3, 5])
def test_words_are_numbers_to_base_four(k):
    codes = np.random.default_rng(k).integers(0, 5, (6, 40), dtype=np.uint8)
    found = words_of(codes, k)
    assert found.shape == (6, 41 - k)
    for row, own in zip(codes, found, strict=True):
        text = "".join("ACGTN"[code] for code in row)
        for at, number in enumerate(own.tolist()):
            word = text[at : at + k]
            wanted = -1 if "N" in word else int("".join(str("ACGT".index(base)) for base in word), 4)
            assert number == wanted


@pytest.mark.parametrize(("k", "kinds"), [(1, 2), (2, 10), (3, 32), (5, 512)])
def test_a_word_and_its_other_strand_share_a_number_and_no_others_do(k, kinds):
    names = canonical_words(k)
    assert sorted(set(names.tolist())) == list(range(kinds))
    of = {"".join(word): int(name) for word, name in zip(product("ACGT", repeat=k), names, strict=True)}
    for word, name in of.items():
        other = sequence_of(reverse_complement(codes_of(word)))
        assert {own for own in of if of[own] == name} == {word, other}


def test_gc_share():
    rows = np.stack([codes_of(text) for text in ("GGCC", "ACGT", "GNNA", "NNNN")])
    assert gc_share(rows).tolist() == [1.0, 0.5, 0.5, 0.0]
