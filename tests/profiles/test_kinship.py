"""Kinship of simulated parents, siblings and strangers, and what becomes of relatives in two splits."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.kinship import Pair, check_apart, families, find_relatives
from seqmill.profiles.table import Block
from seqmill.simulate.cohort.people import draw_people
from seqmill.simulate.cohort.plan import CohortPlan, RelativesPlan, StretchPlan


def drawn(*, people=160, sites=150, **relatives):
    plan = CohortPlan(
        seed=11,
        people=people,
        contigs={f"c{number}": StretchPlan(length=100_000_000, sites=sites) for number in range(20)},
        traits={},
        minimum_frequency=0.05,
        relatives=RelativesPlan(**relatives),
    )
    return draw_people(plan)


def block_of(dosage, mask=None):
    names = tuple(f"s{number}" for number in range(dosage.shape[1]))
    return Block(names, dosage, np.ones(dosage.shape, bool) if mask is None else mask)


@pytest.fixture(scope="module")
def people():
    return drawn(parent_child=12, siblings=12)


def by_hand(first, second, mask):
    """Give KING-robust of one pair, from the counts of the paper."""
    both = mask[0] & mask[1]
    first, second = first[both], second[both]
    hets = (first == 1).sum(), (second == 1).sum()
    shared, opposite = ((first == 1) & (second == 1)).sum(), (np.abs(first - second) == 2).sum()
    return (shared - 2 * opposite) / (2 * min(hets)) + 0.5 - 0.25 * sum(hets) / min(hets)


def test_parents_children_and_siblings_are_found_and_nobody_else(people):
    found = find_relatives(block_of(people.dosage))
    related = {frozenset((first, second)) for first, second, _ in people.pairs}
    assert {frozenset((pair.first, pair.second)) for pair in found} == related
    assert {pair.degree for pair in found} == {"first"}
    assert np.mean([pair.kinship for pair in found]) == pytest.approx(0.25, abs=0.01)


def test_the_estimate_is_that_of_the_paper_at_sites_where_both_are_called(people):
    dosage = people.dosage.astype(np.int8)
    mask = np.random.default_rng(1).random(dosage.shape) > 0.1
    for pair in find_relatives(block_of(dosage, mask)):
        rows = [pair.first, pair.second]
        assert pair.kinship == pytest.approx(by_hand(*dosage[rows].astype(int), mask[rows]), abs=1e-5)


def test_the_same_person_twice_has_a_kinship_of_a_half(people):
    dosage = np.concatenate([people.dosage, people.dosage[:1]])
    closest = find_relatives(block_of(dosage))[0]
    assert (closest.first, closest.second) == (0, len(dosage) - 1)
    assert closest.kinship == 0.5
    assert closest.degree == "the same person or a twin"


def test_too_few_sites_are_refused_rather_than_chance_told(people):
    with pytest.raises(InputError, match="by chance; limit"):
        find_relatives(block_of(people.dosage[:, ::12]))
    with pytest.raises(InputError, match="needs 100 sites"):
        find_relatives(block_of(people.dosage[:, :50]))


def test_families_are_joined_through_others():
    pairs = [Pair(0, 3, 0.3), Pair(3, 4, 0.3), Pair(1, 2, 0.3)]
    assert families(6, pairs) == [0, 1, 1, 0, 0, 5]


def test_relatives_in_two_splits_are_named_with_the_next_step():
    pairs = [Pair(0, 1, 0.26), Pair(0, 2, 0.24), Pair(1, 3, 0.2)]
    ids = ["Pa", "Pb", "Pc", "Pd"]
    train, test, none = frozenset({"train"}), frozenset({"test"}), frozenset()
    check_apart(pairs, ids, [train, train, train, none], where="splits")
    with pytest.raises(
        InputError, match=r"Pa and Pc are relatives \(kinship 0.240.*train and test; 1 such"
    ) as error:
        check_apart(pairs, ids, [train, train, test, none], where="splits")
    assert "families.tsv" in str(error.value)
