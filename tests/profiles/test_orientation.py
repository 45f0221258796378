"""How sites lie in a genome, by hand."""

import pytest

from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.profiles.orientation import (
    AMBIGUOUS,
    BOTH,
    DECLARED,
    FLIPPED,
    MISMATCH,
    SWAPPED,
    UNSEEN,
    place,
)
from seqmill.profiles.sites import Sites
from tests.profiles.genotyped import write_genome

BASES = "ACGTTTGCAA"  # from 0

CASES = [
    ((0, "A", "G"), DECLARED, ("G", "A"), 0),
    ((0, "G", "A"), SWAPPED, ("A", "G"), 1),
    ((0, "T", "C"), FLIPPED, ("G", "A"), 0),
    ((0, "C", "T"), BOTH, ("A", "G"), 1),
    ((0, "T", "A"), AMBIGUOUS, None, None),
    ((0, "A", "T"), DECLARED, ("T", "A"), 0),
    ((0, "C", "G"), MISMATCH, None, None),
    ((0, "AC", "GT"), DECLARED, ("GT", "AC"), 0),
    ((0, "GT", "CA"), FLIPPED, ("TG", "AC"), 0),
    ((2, "GT", "G"), DECLARED, ("G", "GT"), 0),
    ((2, "G", "GA"), DECLARED, ("GA", "G"), 0),
    ((2, "GA", "GT"), SWAPPED, ("GT", "GA"), 1),
    ((2, "GC", "G"), SWAPPED, ("G", "GC"), 1),
    ((2, "TA", "T"), MISMATCH, None, None),
    ((9, "AC", "A"), MISMATCH, None, None),  # leaves the contig
]


@pytest.fixture
def genome(tmp_path):
    with Reference(write_genome(tmp_path / "g.fa", chr1=BASES)) as reference:
        yield reference


@pytest.mark.parametrize(("site", "orientation", "alleles", "copies"), CASES)
def test_each_way_to_lie(genome, site, orientation, alleles, copies):
    (found,) = place(Sites((Allele("1", *site),)), genome)
    assert (found.orientation, found.contig) == (orientation, "chr1")
    if alleles is not None:
        assert (found.counted, found.other) == alleles
        assert found.reference_copies == copies


def test_on_the_forward_strand_nothing_is_ambiguous_or_flipped(genome):
    sites = Sites((Allele("1", 0, "T", "A"), Allele("1", 0, "T", "C")))
    found = place(sites, genome, forward=True)
    assert [one.orientation for one in found] == [SWAPPED, MISMATCH]


def test_without_a_genome_the_calls_tell(genome):
    (found,) = place(Sites((Allele("1", 0, "G", "A"),)), None)
    assert (found.orientation, found.contig) == (UNSEEN, "1")
    found.settle("A")
    found.settle("G")
    assert found.orientation == SWAPPED, "the first to tell counts"


def test_only_some_sites_tell_another_build(genome):
    sites = [(0, "A", "G"), (0, "A", "T"), (0, "AC", "GT"), (2, "GT", "G")]
    found = place(Sites(tuple(Allele("1", *site) for site in sites)), genome)
    assert [one.telling for one in found] == [False, True, True, True]
