"""Scoring by replay: hard cases written by hand, respelt truths, and planted mistakes."""

import random
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.genome import outcomes
from seqmill.genome.haplotypes import agree
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.outcomes import replay_score
from seqmill.genome.variants import Variant

#           0         1         2         3         4
#           0123456789012345678901234567890123456789012345
SEQUENCE = "GATCGTCATTTTTTACGCACACACATGGACTTGCAAGTCCAGTACG"


def variants(rows):
    return [Variant("c", s, ref, tuple(alts.split(",")), gt, quality=50.0) for s, ref, alts, gt in rows]


def counts(found, level):
    matched = [(one.side, getattr(one, level)) for one in found]
    return matched.count(("truth", True)), matched.count(("call", False)), matched.count(("truth", False))


HET, HOM = (0, 1), (1, 1)
CASES = {
    # name: truth, calls, (tp, fp, fn) at allele level, at genotype level, exact
    "same": ([(1, "A", "T", HET)], [(1, "A", "T", HET)], (1, 0, 0), (1, 0, 0), (1, 0, 0)),
    "het called hom": ([(1, "A", "T", HET)], [(1, "A", "T", HOM)], (1, 0, 0), (0, 1, 1), (1, 0, 0)),
    "other base": ([(1, "A", "T", HET)], [(1, "A", "C", HET)], (0, 1, 1), (0, 1, 1), (0, 1, 1)),
    "MNP and two SNPs": (
        [(26, "GG", "AT", HET)],
        [(26, "G", "A", HET), (27, "G", "T", HET)],
        (2, 0, 0), (2, 0, 0), (2, 0, 0),
    ),
    "MNP with one base wrong": (
        [(26, "GGA", "ATC", HET)],
        [(26, "GGA", "ATG", HET)],
        (2, 1, 1), (2, 1, 1), (2, 1, 1),
    ),
    "deletion at the other end of a run": (
        [(7, "AT", "A", HOM)],
        [(12, "TT", "T", HOM)],
        (1, 0, 0), (1, 0, 0), (1, 0, 0),
    ),
    "deletion of another length": (
        [(7, "AT", "A", HOM)],
        [(7, "ATT", "A", HOM)],
        (0, 1, 1), (0, 1, 1), (0, 1, 1),
    ),
    "one deletion of four, two of two": (
        [(16, "GCACA", "G", HOM)],
        [(16, "GCA", "G", HOM), (22, "CAT", "T", HOM)],
        (1, 0, 0), (1, 0, 0), (0, 2, 1),
    ),
    "SNP and deletion written as deletion and SNP": (
        [(13, "T", "G", HET), (13, "TA", "T", HET)],
        [(7, "AT", "A", HET), (14, "A", "G", HET)],
        (2, 0, 0), (2, 0, 0), (0, 2, 2),
    ),
    "the same, homozygous in truth and heterozygous in calls": (
        [(13, "T", "G", HOM), (13, "TA", "T", HOM)],
        [(7, "AT", "A", HET), (14, "A", "G", HET)],
        (2, 0, 0), (0, 2, 2), (0, 2, 2),
    ),
    "the same beside an extra call": (
        [(13, "T", "G", HET), (13, "TA", "T", HET)],
        [(1, "A", "T", HET), (7, "AT", "A", HET), (14, "A", "G", HET)],
        (2, 1, 0), (2, 1, 0), (0, 3, 2),
    ),
    "two alternatives in one record and in two": (
        [(7, "ATT", "A,AT", (1, 2))],
        [(7, "ATT", "A", HET), (7, "AT", "A", HET)],
        (2, 0, 0), (2, 0, 0), (2, 0, 0),
    ),
    "one of two alternatives": (
        [(7, "ATT", "A,AT", (1, 2))],
        [(7, "ATT", "A", HET)],
        (1, 0, 1), (1, 0, 1), (1, 0, 1),
    ),
    "one of two alternatives, called homozygous": (
        [(7, "ATT", "A,AT", (1, 2))],
        [(7, "ATT", "A", HOM)],
        (1, 0, 1), (0, 1, 2), (1, 0, 1),
    ),
    "het and hom joined in one record": (
        [(26, "G", "A", HOM), (28, "A", "T", HET)],
        [(26, "GGA", "AGT,AGA", (1, 2))],
        (2, 0, 0), (2, 0, 0), (2, 0, 0),
    ),
    "overlapping deletions": (
        [(16, "GCACA", "G", HET), (24, "ATGG", "A", HET)],
        [(16, "GCACA", "G", HET), (24, "ATGG", "A", HET)],
        (2, 0, 0), (2, 0, 0), (2, 0, 0),
    ),
    "overlapping deletions, one of them missed": (
        [(20, "ACACATG", "A", HET), (22, "ACATG", "A", HET)],
        [(22, "ACATG", "A", HET)],
        (1, 0, 1), (1, 0, 1), (1, 0, 1),
    ),
    "deletions joined over the reference between them": (
        [(16, "GCA", "G", HET), (26, "GG", "G", HET)],
        [(16, "GCACACACATGG", "GCACACATG", HET)],
        (2, 0, 0), (2, 0, 0), (0, 2, 2),
    ),
    "alleles that undo each other match nothing": (
        [(7, "AT", "A", HET), (7, "A", "AT", HET)],
        [(20, "A", "T", HET)],
        (0, 1, 2), (0, 1, 2), (0, 1, 2),
    ),
    "haploid and half-missing genotypes": (
        [(1, "A", "T", (1,)), (26, "G", "A", (None, 1))],
        [(1, "A", "T", HOM), (26, "G", "A", HET)],
        (2, 0, 0), (2, 0, 0), (2, 0, 0),
    ),
    "reference calls, symbols and empty genotypes count for nothing": (
        [(1, "A", "T", (0, 0)), (3, "C", "<DEL>", HET), (8, "T", "*", HET), (30, "T", "C", (None, None))],
        [(1, "A", "T", (0, 0)), (33, "C", "G", None)],
        (0, 0, 0), (0, 0, 0), (0, 0, 0),
    ),
    "the same allele twice": (
        [(1, "A", "T", HOM)],
        [(1, "A", "T", HET), (1, "AT", "TT", HET)],
        (1, 0, 0), (1, 0, 0), (1, 0, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_by_hand(make_reference, case):
    truth, calls, *wanted = CASES[case]
    found = replay_score(variants(truth), variants(calls), make_reference(c=SEQUENCE))
    assert [counts(found, level) for level in ("matched", "genotype_matched", "exact")] == wanted


def test_far_windows_do_not_mix(make_reference):
    reference = make_reference(c="ACGT" * 100, d="ACGT" * 100)
    truth = [Variant("c", 4, "A", ("T",), HET), Variant("d", 8, "A", ("T",), HET)]
    calls = [Variant("c", 300, "A", ("T",), HET), Variant("d", 8, "A", ("T",), HET)]
    assert counts(replay_score(truth, calls, reference), "matched") == (1, 1, 1)


def test_only_alleles_inside_the_regions_count_but_others_help(make_reference):
    reference = make_reference(c=SEQUENCE)
    truth = variants([(1, "A", "T", HET), (13, "T", "G", HET), (13, "TA", "T", HET)])
    calls = variants([(2, "T", "C", HET), (7, "AT", "A", HET), (14, "A", "G", HET)])
    found = replay_score(truth, calls, reference, regions=Regions([Interval("c", 12, 40)]))
    assert [(one.side, str(one.allele), one.matched) for one in found] == [
        ("truth", "c:14 T>G", True),
        ("truth", "c:14 TA>T", True),
        ("call", "c:15 A>G", True),
    ]


def test_quality_of_what_matched(make_reference):
    truth = variants([(1, "A", "T", HET), (13, "T", "G", HET), (13, "TA", "T", HET), (30, "T", "C", HET)])
    qualities = {1: 9.0, 7: 30.0, 14: 20.0}
    calls = [
        Variant("c", start, ref, (alt,), HET, quality=qualities[start])
        for start, ref, alt in [(1, "A", "T"), (7, "AT", "A"), (14, "A", "G")]
    ]
    found = replay_score(truth, calls, make_reference(c=SEQUENCE))
    assert [one.quality for one in found if one.side == "truth"] == [9.0, 20.0, 20.0, None]
    assert [one.quality for one in found if one.side == "call"] == [9.0, 30.0, 20.0]


def test_a_search_cut_short_says_so_and_keeps_what_is_equal(make_reference, monkeypatch):
    monkeypatch.setattr(outcomes, "agree", partial(agree, limit=1))
    truth = variants([(1, "A", "T", HET), (13, "T", "G", HET), (13, "TA", "T", HET)])
    calls = variants([(1, "A", "T", HET), (7, "AT", "A", HET), (14, "A", "G", HET)])
    found = replay_score(truth, calls, make_reference(c=SEQUENCE))
    assert {one.method for one in found} == {"bounded"}
    assert counts(found, "genotype_matched") == (1, 2, 2)


def draw_genome(rng):
    """A sequence rich in repeats, and haplotypes as lists of edits that neither overlap nor touch."""
    sequence = "".join(rng.choice(["A", "C", "G", "T", "AAAA", "CACA", "TTGTTG"]) for _ in range(120))
    edits, position = [], 3
    while (position := position + rng.randint(2, 25)) < len(sequence) - 12:
        kind = rng.random()
        if kind < 0.5:
            end, bases = position + 1, rng.choice([b for b in "ACGT" if b != sequence[position]])
        elif kind < 0.75:
            end, bases = position + rng.randint(1, 4), ""
        else:
            end, bases = position, "".join(rng.choices("ACGT", k=rng.randint(1, 3)))
        edits.append((position, end, bases, rng.choice([(1, 0), (0, 1), (1, 1)])))
        position = end
    return sequence, edits


def separate(sequence, edits):
    """Write each edit as a record of its own."""
    return [
        Variant("c", start - 1, sequence[start - 1 : end], (sequence[start - 1] + bases,), genotype)
        for start, end, bases, genotype in edits
    ]


def respell(sequence, edits, rng):
    """Write the same haplotypes with neighbours joined in one record and with reference bases around."""
    records, place = [], 0
    while place < len(edits):
        group = edits[place : place + rng.choice([1, 1, 2, 3])]
        place += len(group)
        earlier = edits[place - len(group) - 1][1] if place > len(group) else 0
        later = edits[place][0] if place < len(edits) else len(sequence)
        start = max(earlier, group[0][0] - 1 - rng.randint(0, 3)) if group[0][0] > earlier else group[0][0]
        end = min(later, group[-1][1] + rng.randint(0, 3))
        ref = sequence[start:end]
        spelt = []
        for haplotype in (0, 1):
            text, position = "", start
            for low, high, bases, genotype in group:
                if genotype[haplotype]:
                    text += sequence[position:low] + bases
                    position = high
            spelt.append(text + sequence[position:end])
        alts = tuple(dict.fromkeys(text for text in spelt if text != ref))
        if alts and all(alts) and ref:
            genotype = tuple(0 if text == ref else alts.index(text) + 1 for text in spelt)
            records.append(Variant("c", start, ref, alts, genotype))
        elif alts:
            records += separate(sequence, group)
    return records


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_another_spelling_of_the_truth_scores_perfectly(make_reference, seed):
    rng = random.Random(seed)
    sequence, edits = draw_genome(rng)
    reference = make_reference(c=sequence)
    truth = separate(sequence, edits)
    found = replay_score(truth, respell(sequence, edits, rng), reference)
    for level in ("matched", "genotype_matched"):
        assert counts(found, level)[1:] == (0, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_one_planted_mistake_costs_exactly_one(make_reference, seed, missing):
    rng = random.Random(seed)
    sequence, edits = draw_genome(rng)
    reference = make_reference(c=sequence)
    records = separate(sequence, edits)
    planted = rng.randrange(len(records))
    fewer = records[:planted] + records[planted + 1 :]
    found = replay_score(records, fewer, reference) if missing else replay_score(fewer, records, reference)
    same = found[0].allele in {one.allele for one in found[1:]} and len(found) == 2
    assert same or counts(found, "matched")[1:] == ((0, 1) if missing else (1, 0))
