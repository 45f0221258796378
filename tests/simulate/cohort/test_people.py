"""Relatives share what they have to share, and nobody else does."""

import numpy as np

from seqmill.simulate.cohort.people import PARENT_CHILD, SIBLINGS, draw_people


def opposite(dosage, first, second):
    """Count the sites at which two people are homozygous for different alleles."""
    return int((np.abs(dosage[first].astype(int) - dosage[second]) == 2).sum())


def test_the_plan_decides_everything(plan, people):
    again = draw_people(plan)
    assert again.ids == people.ids
    assert np.array_equal(again.dosage, people.dosage)


def test_everyone_has_a_name_a_family_and_genotypes(plan, people):
    assert len(set(people.ids)) == len(people.families) == plan.people
    assert people.dosage.shape == (plan.people, plan.sites)
    assert set(np.unique(people.dosage)) <= {0, 1, 2}


def test_a_child_has_an_allele_of_its_parent_at_every_site(people):
    dosage = people.dosage
    pairs = [(first, second) for first, second, relation in people.pairs if relation == PARENT_CHILD]
    assert len(pairs) == 10
    assert [opposite(dosage, *pair) for pair in pairs] == [0] * 10
    assert opposite(dosage, pairs[0][0], pairs[1][0]) > 0


def test_relatives_share_a_family_and_nobody_else_does(people):
    together = {frozenset((first, second)) for first, second, _ in people.pairs}
    for pair in together:
        assert len({people.families[one] for one in pair}) == 1
    assert len(set(people.families)) == len(people.ids) - len(together)


def test_siblings_are_half_alike_in_what_differs_between_people(people):
    dosage = people.dosage.astype(float)
    varying = dosage[:, dosage.std(axis=0) > 0]
    scaled = (varying - varying.mean(axis=0)) / varying.std(axis=0)
    likeness = scaled @ scaled.T / scaled.shape[1]
    of_siblings = [likeness[a, b] for a, b, relation in people.pairs if relation == SIBLINGS]
    related = {frozenset((a, b)) for a, b, _ in people.pairs}
    others = [likeness[a, b] for a in range(60) for b in range(a) if frozenset((a, b)) not in related]
    assert 0.35 < np.mean(of_siblings) < 0.65
    assert abs(np.mean(others)) < 0.03
