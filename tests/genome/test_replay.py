"""The labeler, on cases written by hand: candidates against truth genotypes."""

from functools import partial

import pytest

from seqmill.genome import replay
from seqmill.genome.haplotypes import agree
from seqmill.genome.replay import assign_copies
from seqmill.genome.variants import Allele, Variant

#           0         1         2         3         4
#           0123456789012345678901234567890123456789012345
SEQUENCE = "GATCGTCATTTTTTACGCACACACATGGACTTGCAAGTCCAGTACG"


def truth(*rows):
    return [Variant("c", start, ref, tuple(alts.split(",")), gt) for start, ref, alts, gt in rows]


def alleles(*rows):
    return [Allele("c", *row) for row in rows]


CASES = {
    "exact": (
        [(1, "A", "T", (0, 1)), (7, "AT", "A", (1, 1))],
        [(1, "A", "T"), (7, "AT", "A"), (7, "A", "AT"), (30, "T", "G")],
        [1, 2, 0, 0],
        0,
    ),
    "MNP truth, SNP candidates": (
        [(26, "GG", "AT", (0, 1))],
        [(26, "G", "A"), (27, "G", "T"), (27, "G", "C")],
        [1, 1, 0],
        0,
    ),
    "deletion written at the right end of a repeat": (
        [(12, "TT", "T", (0, 1))],
        [(7, "AT", "A"), (7, "ATT", "A")],
        [1, 0],
        0,
    ),
    "insertion written inside a repeat": ([(18, "AC", "ACAC", (1, 1))], [(16, "G", "GCA")], [2], 0),
    "multi-allelic": (
        [(7, "ATT", "A,AT", (1, 2))],
        [(7, "ATT", "A"), (7, "AT", "A"), (7, "A", "AT")],
        [1, 1, 0],
        0,
    ),
    "multi-allelic SNP and deletion": (
        [(29, "CT", "C,GT", (1, 2))],
        [(28, "AC", "A"), (29, "CT", "C"), (29, "C", "G")],
        [0, 1, 1],
        0,
    ),
    "deletion and SNP in one record, spelt the other way": (
        # TCATTTTTTA -> TCATTTTTG : one T less and A>G; as SNP T>G and deletion of A
        [(12, "TTA", "TG", (0, 1))],
        [(7, "AT", "A"), (14, "A", "G"), (13, "TA", "T"), (13, "T", "G")],
        [1, 1, 0, 0],
        0,
    ),
    "only the other spelling is a candidate": (
        [(12, "TTA", "TG", (1, 1))],
        [(13, "TA", "T"), (13, "T", "G"), (7, "A", "AT")],
        [2, 2, 0],
        0,
    ),
    "het and hom in one block": (
        [(26, "GGA", "AGT,AGA", (1, 2))],
        [(26, "G", "A"), (28, "A", "T")],
        [2, 1],
        0,
    ),
    "missing candidate": ([(1, "A", "T", (0, 1)), (30, "T", "G", (0, 1))], [(30, "T", "G")], [1], 1),
    "nothing but noise": ([(1, "A", "T", (1, 1))], [(1, "A", "C"), (7, "AT", "A")], [0, 0], 1),
    "no truth": ([], [(1, "A", "C")], [0], 0),
    "no candidates": ([(1, "A", "T", (1, 1))], [], [], 1),
    "reference call and symbolic allele": (
        [(1, "A", "T", (0, 0)), (3, "C", "<DEL>", (0, 1)), (30, "T", "*,G", (1, 2))],
        [(1, "A", "T"), (30, "T", "G")],
        [0, 1],
        0,
    ),
    "a deletion and an insertion of the same base are not nothing": (
        [(7, "AT", "A", (0, 1)), (7, "A", "AT", (0, 1))],
        [(1, "A", "T"), (7, "ATT", "A")],
        [0, 0],
        2,
    ),
    "part of a block reached": (
        [(1, "A", "T", (0, 1)), (7, "ATT", "A", (0, 1)), (16, "G", "GCA", (0, 1))],
        [(1, "A", "T"), (7, "AT", "A"), (16, "G", "GCA")],
        [1, 0, 1],
        1,
    ),
    "overlapping deletions on both haplotypes": (
        [(16, "GCACA", "G", (0, 1)), (20, "ACACAT", "A", (0, 1))],
        [(16, "GCACA", "G"), (20, "ACACAT", "A")],
        [1, 1],
        0,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_by_hand(make_reference, case):
    rows, candidates, copies, missed = CASES[case]
    found = assign_copies(alleles(*candidates), truth(*rows), make_reference(c=SEQUENCE))
    assert found.copies == copies
    assert sum(one.outcome != "reached" for one in found.truth) == missed


def test_why_a_truth_allele_is_missed(make_reference):
    rows = truth((1, "A", "T", (0, 1)), (7, "ATT", "A", (1, 1)))
    found = assign_copies(alleles((7, "AT", "A")), rows, make_reference(c=SEQUENCE))
    assert [(str(one.allele), one.copies, one.outcome) for one in found.truth] == [
        ("c:2 A>T", 1, "no_candidate"),
        ("c:8 ATT>A", 2, "not_reproduced"),
    ]


def test_a_search_cut_short_keeps_the_exact_labels(make_reference, monkeypatch):
    monkeypatch.setattr(replay, "agree", partial(agree, limit=1))
    rows = truth((1, "A", "T", (0, 1)), (12, "TTA", "TG", (0, 1)))
    candidates = alleles((1, "A", "T"), (13, "TA", "T"), (13, "T", "G"))
    found = assign_copies(candidates, rows, make_reference(c=SEQUENCE))
    assert found.copies == [1, None, None]
    assert [one.outcome for one in found.truth] == ["reached", "search_bounded", "search_bounded"]
