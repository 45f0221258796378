"""Shuffles keep exactly what they promise, and draw all sequences that keep it alike."""

from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.genome.bases import codes_of, sequence_of
from seqmill.interpretation.shuffles import backgrounds, shuffle_bases, shuffle_pairs

SEQUENCES = st.text("ACGTN", min_size=1, max_size=60)


def stretches(sequence: str) -> list[str]:
    return sequence.split("N")


@given(SEQUENCES, st.integers(0, 2**32))
def test_a_shuffle_of_bases_keeps_them_between_unknown_positions(sequence: str, seed: int):
    found = sequence_of(shuffle_bases(codes_of(sequence)[None], np.random.default_rng(seed))[0])
    assert [Counter(part) for part in stretches(found)] == [Counter(part) for part in stretches(sequence)]
    assert [place for place, base in enumerate(found) if base == "N"] == [
        place for place, base in enumerate(sequence) if base == "N"
    ]


@given(SEQUENCES, st.integers(0, 2**32))
def test_a_shuffle_of_pairs_keeps_pairs_and_ends(sequence: str, seed: int):
    found = sequence_of(shuffle_pairs(codes_of(sequence)[None], np.random.default_rng(seed))[0])
    for new, old in zip(stretches(found), stretches(sequence), strict=True):
        assert Counter(pairwise(new)) == Counter(pairwise(old))
        assert (new[:1], new[-1:]) == (old[:1], old[-1:])


@pytest.mark.parametrize("sequence", ["ACGACTAG", "AACAACCA", "ACAGATAA"])
def test_every_sequence_with_the_same_pairs_is_drawn_alike(sequence: str):
    pairs = Counter(pairwise(sequence))
    possible = {
        sequence[0] + "".join(middle) + sequence[-1]
        for middle in permutations(sequence[1:-1])
        if Counter(pairwise([sequence[0], *middle, sequence[-1]])) == pairs
    }
    draws = np.repeat(codes_of(sequence)[None], 1000 * len(possible), axis=0)
    found = Counter(map(sequence_of, shuffle_pairs(draws, np.random.default_rng(1))))
    assert found.keys() == possible and len(possible) > 2
    assert all(abs(count - 1000) < 5 * np.sqrt(1000) for count in found.values())


def test_a_shuffle_of_bases_draws_all_orders_alike():
    draws = np.repeat(codes_of("ACG")[None], 6_000, axis=0)
    found = Counter(map(sequence_of, shuffle_bases(draws, np.random.default_rng(1))))
    assert len(found) == 6
    assert all(abs(count - 1000) < 5 * np.sqrt(1000) for count in found.values())


def test_backgrounds_belong_to_their_window_and_a_seed_draws_the_same():
    windows = np.stack([codes_of("AACCAACCAACC"), codes_of("GGTTGGTTGGTT")])
    found = backgrounds(windows, 5, np.random.default_rng(3))
    assert found.shape == (2, 5, 12)
    assert set(found[0].ravel()) == {0, 1} and set(found[1].ravel()) == {2, 3}
    assert len({part.tobytes() for part in found[0]}) > 1
    assert np.array_equal(found, backgrounds(windows, 5, np.random.default_rng(3)))
