"""The pieces of a joint genotype; whole sites are specified with the genotypes."""

import numpy as np

from seqmill.applications.small_variants.calls import Candidates
from seqmill.applications.small_variants.joint import MOST_ALLELES, common_alleles, genotype_pairs, resolve


def test_order_of_genotypes_is_that_of_the_standard():
    assert genotype_pairs(3) == [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)]


def test_common_alleles():
    assert common_alleles(["CAA", "CA", "C"], ["C", "C", "CT"]) == ("CAA", ("C", "CA", "CTAA"))


def test_of_many_alleles_the_least_probable_are_left_out():
    n = MOST_ALLELES + 4
    present = np.linspace(0.1, 0.6, n)
    candidates = Candidates(
        contig="q",
        start=np.full(n, 4),
        ref=["C"] * n,
        alt=["C" + "A" * length for length in range(1, n + 1)],
        reads=np.full(n, 30),
        support=np.full(n, 3),
        log_probabilities=np.log(np.stack([1 - present, present * 0.9, present * 0.1], axis=1)),
    )
    (call,) = resolve(candidates, list(range(n)), np.zeros(n, int))
    assert call.genotype == (1, 2)
    assert call.alts == ("C" + "A" * (n - 1), "C" + "A" * n)
