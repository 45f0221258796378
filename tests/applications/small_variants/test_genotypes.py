"""Genotypes of sites from probabilities of alleles, by hand and by brute force."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.calls import Candidates
from seqmill.applications.small_variants.genotypes import genotype
from seqmill.applications.small_variants.joint import genotype_pairs, resolve


def candidates(*rows):
    """Rows of (start, ref, alt, reads, support, probabilities)."""
    probabilities = np.array([row[5] for row in rows], dtype=float)
    return Candidates(
        contig="q",
        start=np.array([row[0] for row in rows]),
        ref=[row[1] for row in rows],
        alt=[row[2] for row in rows],
        reads=np.array([row[3] for row in rows]),
        support=np.array([row[4] for row in rows]),
        log_probabilities=np.log(probabilities),
    )


def test_biallelic_site_takes_its_own_probabilities():
    (call,) = genotype(candidates((7, "A", "G", 20, 9, [0.01, 0.9, 0.09])))
    assert (call.start, call.ref, call.alts, call.genotype) == (7, "A", ("G",), (0, 1))
    assert call.quality == pytest.approx(20.0)
    assert call.genotype_quality == 10
    assert call.likelihoods == (round(-10 * math.log10(0.01 / 0.9)), 0, 10)
    assert (call.depth, call.allele_depths) == (20, (11, 9))
    assert call.kind == "snp"


def test_the_genotype_carries_a_variant_even_when_unlikely():
    (call,) = genotype(candidates((7, "A", "G", 20, 3, [0.7, 0.25, 0.05])))
    assert call.genotype == (0, 1)
    assert call.quality == pytest.approx(-10 * math.log10(0.7), abs=0.01)
    assert call.likelihoods[0] == 0


def test_negligible_alleles_and_low_qualities_are_not_written():
    rows = candidates((7, "A", "G", 20, 1, [0.99, 0.01, 0.0001]), (9, "A", "G", 20, 1, [0.9, 0.09, 0.01]))
    assert [call.start for call in genotype(rows)] == [9]
    assert genotype(rows, min_quality=1.0) == []


def test_two_heterozygous_alleles_share_a_record():
    (call,) = genotype(
        candidates((4, "CAA", "C", 30, 14, [0.01, 0.98, 0.01]), (4, "CA", "C", 30, 12, [0.02, 0.97, 0.01]))
    )
    assert (call.ref, call.alts, call.genotype) == ("CAA", ("C", "CA"), (1, 2))
    assert call.allele_depths == (4, 14, 12)
    assert len(call.likelihoods) == 6
    assert call.likelihoods[4] == 0
    assert call.kind == "indel"


def test_two_homozygous_alleles_at_one_base_resolve_by_the_joint_likelihood():
    (call,) = genotype(
        candidates((4, "C", "A", 30, 16, [0.01, 0.19, 0.8]), (4, "C", "T", 30, 13, [0.05, 0.35, 0.6]))
    )
    weights = {
        "12": 0.19 * 0.35,
        "11": 0.8 * 0.05,
        "22": 0.01 * 0.6,
        "01": 0.19 * 0.05,
        "02": 0.01 * 0.35,
        "00": 0.01 * 0.05,
    }
    assert call.genotype == (1, 2)
    assert call.quality == pytest.approx(-10 * math.log10(weights["00"] / sum(weights.values())), abs=0.01)
    best = max(weights.values())
    expected = [weights[key] / best for key in ("00", "01", "11", "02", "12", "22")]
    assert call.likelihoods == tuple(round(-10 * math.log10(value)) for value in expected)


def test_a_homozygous_deletion_silences_what_it_removes():
    calls = genotype(
        candidates(
            (4, "CAG", "C", 30, 29, [1e-6, 1e-4, 1 - 1e-6 - 1e-4]), (5, "A", "T", 30, 6, [0.3, 0.4, 0.3])
        ),
        min_quality=1.0,
    )
    assert [(call.start, call.genotype) for call in calls] == [(4, (1, 1))]


def test_a_heterozygous_deletion_leaves_room_for_one_copy():
    calls = genotype(
        candidates(
            (4, "CAG", "C", 30, 15, [1e-6, 1 - 2e-6, 1e-6]), (5, "A", "T", 30, 14, [1e-4, 0.3, 0.6999])
        )
    )
    assert [(call.start, call.genotype) for call in calls] == [(4, (0, 1)), (5, (0, 1))]


def test_snp_at_the_anchor_of_a_deletion_is_independent():
    calls = genotype(
        candidates((4, "C", "T", 30, 29, [1e-4, 1e-4, 0.9998]), (4, "CAG", "C", 30, 29, [1e-4, 1e-4, 0.9998]))
    )
    assert [(call.ref, call.alts, call.genotype) for call in calls] == [
        ("C", ("T",), (1, 1)),
        ("CAG", ("C",), (1, 1)),
    ]


def test_unordered_candidates_are_refused():
    with pytest.raises(ValueError, match="order"):
        genotype(candidates((9, "A", "G", 1, 1, [0.1, 0.8, 0.1]), (7, "A", "G", 1, 1, [0.1, 0.8, 0.1])))


def test_extreme_logits_stay_finite():
    (call,) = genotype(
        Candidates(
            contig="q",
            start=np.array([3]),
            ref=["A"],
            alt=["C"],
            reads=np.array([9]),
            support=np.array([9]),
            log_probabilities=np.array([[-1400.0, -900.0, 0.0]]),
        )
    )
    assert call.genotype == (1, 1)
    assert call.genotype_quality == 99
    assert call.likelihoods == (990, 990, 0)
    assert call.quality == 3000.0


probability = st.tuples(*[st.floats(0.01, 1.0)] * 3).map(lambda raw: [value / sum(raw) for value in raw])


@given(st.lists(probability, min_size=1, max_size=3))
def test_multi_allelic_quality_and_genotype_match_enumeration(rows):
    """Oracle: the product of the alleles' probabilities over all diploid genotypes of the site."""
    alts = "CGT"[: len(rows)]
    found = genotype(candidates(*[(4, "A", alt, 30, 5, row) for alt, row in zip(alts, rows, strict=True)]))
    kept = [index for index, row in enumerate(rows) if row[0] < 0.98]
    if not kept:
        assert found == []
        return
    weights = {}
    for first, second in genotype_pairs(len(kept) + 1):
        copies = [(first == index + 1) + (second == index + 1) for index in range(len(kept))]
        weights[first, second] = math.prod(rows[row][count] for row, count in zip(kept, copies, strict=True))
    total = sum(weights.values())
    (call,) = found
    assert call.quality == pytest.approx(-10 * math.log10(weights[0, 0] / total), abs=0.006)
    row_of = {alt: index for index, alt in enumerate(alts)}
    pair = tuple(
        sorted(kept.index(row_of[call.alts[index - 1]]) + 1 if index else 0 for index in call.genotype)
    )
    carried = [weight for genotype_pair, weight in weights.items() if genotype_pair != (0, 0)]
    assert weights[pair] == pytest.approx(max(carried))


@given(st.lists(probability, min_size=1, max_size=12))
def test_alleles_far_apart_do_not_touch(rows):
    """Each site takes its own probabilities, whether genotyped alone or among others."""
    together = genotype(candidates(*[(10 * n, "A", "C", 30, 5, row) for n, row in enumerate(rows)]))
    apart = [
        call for n, row in enumerate(rows) for call in genotype(candidates((10 * n, "A", "C", 30, 5, row)))
    ]
    assert together == apart


@given(probability)
def test_alone_is_the_joint_answer_of_one_allele(row):
    one = candidates((4, "A", "C", 30, 12, row))
    assert genotype(one) == [call for call in resolve(one, [0], np.array([18])) if row[0] < 0.98]
