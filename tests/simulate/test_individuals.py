import itertools
from collections import Counter

import numpy as np
import pysam.bcftools
import pytest

from seqmill.genome.normalise import normalise, trim
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, check_reference
from seqmill.simulate.individuals import compose, draw_from_sites, draw_from_spectrum, reach
from seqmill.simulate.sites import Site
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream
from seqmill.simulate.truth import write_truth

DENSE = Spectrum(snp_rate=5e-3, indel_rate=6e-4, cluster_share=0.0)


@pytest.fixture(scope="module")
def drawn(reference):
    return [draw_from_spectrum("c1", reference, DENSE, stream(1, "individual", i)) for i in range(12)]


def kinds(variants):
    found = Counter()
    for variant in variants:
        for number in set(variant.genotype) - {0}:
            _, ref, alt = trim(variant.start, variant.ref, variant.alts[number - 1])
            kind = "snp" if len(ref) == len(alt) else "deletion" if ref else "insertion"
            found[kind] += 1
            found[kind, "het" if len(set(variant.genotype)) > 1 else "hom"] += 1
            if kind == "snp":
                found["transition"] += ref + alt in ("AG", "GA", "CT", "TC")
    return found


def test_rates_and_shares_are_those_of_the_spectrum(drawn):
    found = kinds([variant for variants in drawn for variant in variants])
    length = 12 * 300_000
    indels = found["deletion"] + found["insertion"]
    assert found["snp"] / length == pytest.approx(DENSE.snp_rate, rel=0.06)
    assert indels / length == pytest.approx(DENSE.indel_rate, rel=0.08)
    assert found["transition"] / found["snp"] == pytest.approx(2.08 / 3.08, abs=0.02)
    assert found["snp", "het"] / found["snp"] == pytest.approx(DENSE.snp_het, abs=0.02)
    assert found["deletion"] / indels == pytest.approx(DENSE.deletion_share, abs=0.03)
    het = found["deletion", "het"] + found["insertion", "het"]
    assert het / indels == pytest.approx(DENSE.indel_het, abs=0.06)


def test_het_genotypes_are_phased_either_way(drawn):
    genotypes = Counter(variant.genotype for variants in drawn for variant in variants)
    assert all(variant.phased for variants in drawn for variant in variants)
    assert genotypes[0, 1] / (genotypes[0, 1] + genotypes[1, 0]) == pytest.approx(0.5, abs=0.03)
    assert genotypes[1, 2] + genotypes[2, 1] > 10


def test_variants_are_sorted_apart_and_fit_the_reference(drawn, reference):
    for variants in drawn:
        check_reference(variants, reference, name="drawn")
        for before, after in itertools.pairwise(variants):
            assert before.end <= after.start


def test_variants_are_normalised_as_bcftools_says(drawn, reference, tmp_path):
    path = tmp_path / "truth.vcf.gz"
    biallelic = [variant for variant in drawn[0] if len(variant.alts) == 1]
    write_truth(path, biallelic, sample="s", contigs=reference.contigs)
    plain = pysam.bcftools.view("--no-version", "-H", str(path), catch_stdout=True)
    options = ("--no-version", "-c", "e", "-f", str(reference.path), str(path))
    normal = pysam.bcftools.norm(*options, catch_stdout=True)
    assert [line for line in normal.splitlines() if line[0] != "#"] == plain.splitlines()


def test_indels_prefer_repeats(drawn, reference):
    sequence = reference.fetch("c1", 0, reference.contigs["c1"])
    inside = []
    for variant in drawn[0]:
        if len(variant.ref) != len(variant.alts[0]):
            base = sequence[variant.start + 1]
            inside.append(sequence[variant.start + 1 : variant.start + 6] == base * 5)
    assert np.mean(inside) > 0.25


def test_clustered_snps_lie_close_together(reference):
    close = []
    for share in (0.0, 0.5):
        spectrum = Spectrum(snp_rate=1e-3, indel_rate=1e-4, cluster_share=share)
        variants = draw_from_spectrum("c1", reference, spectrum, stream(2, "cluster"))
        close.append(np.mean(np.diff([variant.start for variant in variants]) <= 10))
    assert close[0] < 0.04 < 0.1 < close[1]


def test_variants_keep_off_n(reference):
    variants = draw_from_spectrum("c2", reference, DENSE, stream(1, "n"))
    assert len(variants) > 100
    assert not any(20_000 <= variant.start < 21_000 for variant in variants)
    assert all("N" not in variant.ref + "".join(variant.alts) for variant in variants)


def test_sites_are_drawn_in_hardy_weinberg_proportions(reference):
    places = range(1_000, 280_000, 100)
    sites = []
    for place in places:
        ref = reference.fetch("c1", place, place + 1)
        sites.append(Site(place, ref, ("A" if ref != "A" else "C",), (0.3,)))
    variants = draw_from_sites("c1", reference, sites, stream(1, "hwe"))
    counts = Counter(variant.genotype for variant in variants)
    total = len(sites)
    assert counts[1, 1] / total == pytest.approx(0.09, abs=0.02)
    assert counts[0, 1] / total == pytest.approx(0.21, abs=0.025)
    assert counts[1, 0] / total == pytest.approx(0.21, abs=0.025)


def test_alternative_alleles_of_a_site_exclude_each_other_on_a_haplotype(reference):
    ref = reference.fetch("c1", 5_000, 5_001)
    alts = tuple(base for base in "ACGT" if base != ref)
    site = Site(5_000, ref, alts, (0.4, 0.3, 0.3))
    for attempt in range(20):
        (variant,) = draw_from_sites("c1", reference, [site], stream(attempt, "alts"))
        assert 0 not in variant.genotype
        assert len(variant.alts) == len(set(variant.genotype))


def test_symbolic_alleles_are_left_out(reference):
    ref = reference.fetch("c1", 5_000, 5_001)
    assert draw_from_sites("c1", reference, [Site(5_000, ref, ("<CN0>",), (1.0,))], stream(1, "s")) == []


@pytest.fixture(scope="module")
def bare(tmp_path_factory, write_fasta):
    """``CCCCCATTGTCGTGTGTGAAAA...``; a reference for alleles given by hand."""
    text = "CCCCCATTGTCGTGTGTGAAAAC"
    codes = np.array(["ACGT".index(base) for base in text], np.uint8)
    with Reference(write_fasta(tmp_path_factory.mktemp("bare") / "bare.fa", {"c": codes})) as opened:
        yield opened


@pytest.mark.parametrize(
    ("start", "ref", "alt", "expected"),
    [
        (6, "T", "C", 7),
        (5, "AT", "A", 8),
        (5, "A", "AT", 8),
        (5, "ATTG", "A", 10),
        (10, "C", "CGT", 18),
        (10, "CGT", "C", 18),
        (10, "C", "CGTGA", 14),
        (17, "G", "GA", 22),
        (21, "A", "AC", 23),
    ],
)
def test_an_indel_reaches_as_far_as_it_can_be_shifted(bare, start, ref, alt, expected):
    assert reach(Allele("c", start, ref, alt), bare) == expected


def test_no_variant_lies_inside_the_repeat_an_indel_changes(drawn, reference):
    for variants in drawn[:4]:
        for before, after in itertools.pairwise(variants):
            for alt in before.alts:
                trimmed = normalise("c1", before.start, before.ref, alt, reference)
                assert reach(trimmed, reference) <= after.start


def allele(start, ref, alt):
    return Allele("c", start, ref, alt)


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ([(allele(5, "A", "C"), (1, 0))], [(5, "A", ("C",), (1, 0))]),
        (
            [(allele(9, "T", "G"), (1, 1)), (allele(5, "A", "C"), (0, 1))],
            [(5, "A", ("C",), (0, 1)), (9, "T", ("G",), (1, 1))],
        ),
        (
            [(allele(5, "AT", "A"), (1, 0)), (allele(5, "ATT", "A"), (0, 1))],
            [(5, "ATT", ("AT", "A"), (1, 2))],
        ),
        (
            [(allele(5, "A", "AT"), (0, 1)), (allele(5, "AT", "A"), (1, 0))],
            [(5, "AT", ("ATT", "A"), (2, 1))],
        ),
        ([(allele(5, "ATT", "A"), (1, 0)), (allele(6, "T", "C"), (0, 1))], [(5, "ATT", ("A",), (1, 0))]),
        ([(allele(5, "A", "C"), (1, 0)), (allele(5, "A", "G"), (1, 0))], [(5, "A", ("C",), (1, 0))]),
        ([(allele(5, "A", "C"), (1, 0)), (allele(5, "A", "C"), (0, 1))], [(5, "A", ("C",), (1, 0))]),
        (
            [(allele(5, "A", "AC"), (1, 0)), (allele(6, "T", "C"), (1, 0))],
            [(5, "A", ("AC",), (1, 0)), (6, "T", ("C",), (1, 0))],
        ),
    ],
)
def test_alleles_are_laid_beside_each_other(bare, carried, expected):
    carried = [(one, (bool(a), bool(b))) for one, (a, b) in carried]
    found = compose(carried, bare)
    assert [(v.start, v.ref, v.alts, v.genotype) for v in found] == expected
