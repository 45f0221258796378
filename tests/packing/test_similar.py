"""Groups of sequences that are alike, against the definition written out."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.packing.similar import K, similar_groups


def by_definition(sequences, share):
    """Join every pair that shares enough k-mers, one after another."""
    kmers = [{s[at : at + K] for at in range(len(s) - K + 1)} for s in sequences]
    kmers = [{kmer for kmer in own if "N" not in kmer} for own in kmers]
    group = list(range(len(sequences)))
    for a, b in combinations(range(len(sequences)), 2):
        common = len(kmers[a] & kmers[b])
        if common and common >= share * min(len(kmers[a]), len(kmers[b])):
            old, new = group[b], group[a]
            group = [new if one == old else one for one in group]
    return {frozenset(at for at, one in enumerate(group) if one == name) for name in set(group)}


def as_sets(groups):
    return {frozenset(at for at, one in enumerate(groups) if one == name) for name in set(groups)}


def draw(seed: int, length: int = 60) -> str:
    return "".join(random.Random(seed).choices("ACGT", k=length))


@settings(max_examples=40, deadline=None)
@given(
    parents=st.lists(st.integers(0, 5), min_size=2, max_size=14),
    share=st.sampled_from([0.2, 0.5, 0.8, 1.0]),
    seed=st.integers(0, 1000),
)
def test_groups_are_those_of_the_definition(parents, share, seed):
    chance = random.Random(seed)
    sequences = []
    for parent in parents:
        bases = list(draw(parent))
        for at in chance.sample(range(60), chance.randint(0, 4)):
            bases[at] = chance.choice("ACGTN")
        sequences.append("".join(bases)[chance.randint(0, 10) :])
    assert as_sets(similar_groups(sequences, share).tolist()) == by_definition(sequences, share)


def test_a_chain_is_one_group():
    long = draw(1, 100)
    chain = [long[:60], long[20:80], long[40:]]
    assert len(set(similar_groups([*chain, draw(2)], 0.5).tolist())) == 2
    assert len(set(similar_groups([chain[0], chain[2]], 0.5).tolist())) == 2


def test_copies_beyond_number_are_one_group():
    copies = [draw(3) for _ in range(120)]
    assert set(similar_groups(copies, 0.5).tolist()) == {0}


@pytest.mark.parametrize(("sequences", "share"), [([], 0.5), (["ACGT", "ACGT"], 0.5), ([draw(1)] * 2, 0)])
def test_nothing_to_group(sequences, share):
    assert len(set(similar_groups(sequences, share).tolist())) == len(sequences)
