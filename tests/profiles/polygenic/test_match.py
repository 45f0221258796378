"""Weights and records: swapped, flipped, ambiguous, absent, and another build."""

import math

import pytest

from seqmill.errors import InputError
from seqmill.profiles.polygenic.genotypes import Record
from seqmill.profiles.polygenic.match import check_match, match
from seqmill.profiles.polygenic.options import ScoreOptions
from seqmill.profiles.polygenic.weights import Weight, Weights


def weights(*pairs):
    held = tuple(
        Weight("1" if effect else "", at if effect else -1, effect or "A", other, 1.0, math.nan)
        for at, (effect, other) in enumerate(pairs)
    )
    return Weights("score.txt", "s", "GRCh37", held)


def records(*alleles):
    return [Record(("1", at), tuple(one), at) for at, one in enumerate(alleles) if one]


def options(**given):
    return ScoreOptions(weights="score.txt", **given)


def test_each_weight_has_one_outcome():
    found = match(
        weights(("A", "C"), ("C", "A"), ("T", "G"), ("G", "C"), ("A", "C"), ("A", "C"), ("", "")),
        records("CA", "CA", "CA", "GC", "AT", ""),
        options(ambiguous="keep"),
    )
    assert found.outcomes == {
        "matched": 2,
        "flipped": 1,
        "ambiguous": 1,
        "ambiguous_dropped": 0,
        "other_alleles": 1,
        "absent": 1,
        "without_place": 1,
    }
    assert [(use.record, use.allele) for use in found.uses] == [(0, 1), (1, 0), (2, 1), (3, 0)]
    assert found.swapped == 2
    assert found.rate == 4 / 7


def test_ambiguous_alleles_are_dropped_when_another_site_is_flipped():
    as_written = match(weights(("A", "T"), ("A", "C")), records("AT", "AC"), options())
    flipped = match(weights(("A", "T"), ("A", "C")), records("AT", "TG"), options())
    assert as_written.outcomes["ambiguous"] == 1
    assert flipped.outcomes["ambiguous_dropped"] == 1
    assert len(flipped.uses) == 1


def test_a_strand_is_turned_as_a_whole():
    found = match(weights(("AAG", "A")), records(("T", "CTT")), options())
    assert found.outcomes["flipped"] == 1
    assert found.uses[0].allele == 1


def test_among_records_of_a_place_the_one_with_both_alleles_is_taken():
    held = [Record(("1", 0), ("A", "G"), 0), Record(("1", 0), ("A", "C"), 1)]
    found = match(weights(("A", "C")), held, options())
    assert found.uses[0].record == 1


def test_a_weight_without_another_allele_matches_by_the_effect_allele():
    assert match(weights(("C", "")), records("AC"), options()).outcomes["matched"] == 1
    assert match(weights(("C", "")), records("AG"), options()).outcomes["other_alleles"] == 1


def test_places_that_agree_with_alleles_that_do_not_are_another_build():
    planned = weights(*[("A", "C")] * 20)
    found = match(planned, records(*["AC"] * 10, *["GT"] * 4, *["CC"] * 6), options(minimum_match=0))
    with pytest.raises(InputError, match=r"20 places of score\.txt are there, but only 14 have its alleles"):
        check_match(found, planned, "calls.vcf", options(minimum_match=0))
    found = match(planned, records(*["AC"] * 15, *["GC"] * 5), options(minimum_match=0))
    check_match(found, planned, "calls.vcf", options(minimum_match=0))
    few = match(planned, records("AC", *["GC"] * 8), options(minimum_match=0))
    check_match(few, planned, "calls.vcf", options(minimum_match=0))


def test_too_few_weights_found_are_refused_with_the_reasons():
    planned = weights(*[("A", "C")] * 4)
    found = match(planned, records("AC", "AC"), options())
    with pytest.raises(InputError, match=r"2 of 4 weights used .*absent 2.*wanted 75%.*GRCh37"):
        check_match(found, planned, "calls.vcf", options())
    check_match(found, planned, "calls.vcf", options(minimum_match=0.5))
