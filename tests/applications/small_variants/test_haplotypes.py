"""Which alleles exclude each other, against explicit pairs of haplotypes."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.haplotypes import components, conflicts, feasible_copies

SNP = (10, "A", "C")


@pytest.mark.parametrize(
    ("one", "other", "exclude"),
    [
        (SNP, (10, "A", "G"), True),
        (SNP, (11, "A", "G"), False),
        (SNP, (10, "AT", "A"), False),
        (SNP, (9, "TA", "T"), True),
        (SNP, (9, "T", "TG"), False),
        ((10, "AT", "A"), (10, "ATT", "A"), True),
        ((10, "AT", "A"), (10, "A", "AT"), True),
        ((10, "AT", "A"), (11, "TG", "T"), False),
        ((10, "ATG", "A"), (11, "TG", "T"), True),
        ((10, "ATG", "A"), (11, "T", "TC"), True),
        ((10, "AT", "A"), (11, "T", "TC"), False),
        ((10, "A", "AG"), (11, "A", "AG"), False),
    ],
)
def test_exclusion_table(one, other, exclude):
    assert bool(conflicts([one, other])[0, 1]) is exclude
    assert bool(conflicts([other, one])[0, 1]) is exclude


def by_haplotypes(conflict):
    """Oracle: every pair of haplotypes as sets of alleles without an excluded pair."""
    n = len(conflict)
    allowed = [
        bits
        for bits in product((0, 1), repeat=n)
        if not any(bits[a] and bits[b] and conflict[a, b] for a in range(n) for b in range(a))
    ]
    return {
        tuple(x + y for x, y in zip(first, second, strict=True)) for first in allowed for second in allowed
    }


@given(st.integers(1, 5), st.integers(0, 2**20 - 1))
def test_feasible_copies_are_those_two_haplotypes_carry(n, bits):
    conflict = np.zeros((n, n), dtype=bool)
    for number, (a, b) in enumerate(combinations(range(n), 2)):
        conflict[a, b] = conflict[b, a] = bool(bits >> number & 1)
    found = [tuple(int(count) for count in row) for row in feasible_copies(conflict)]
    assert len(found) == len(set(found))
    assert set(found) == by_haplotypes(conflict)


def test_components_follow_chains():
    conflict = np.zeros((5, 5), dtype=bool)
    for a, b in ((0, 3), (3, 4), (1, 2)):
        conflict[a, b] = conflict[b, a] = True
    assert components(conflict) == [[0, 3, 4], [1, 2]]
