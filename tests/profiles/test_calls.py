"""Dosages at declared sites: by hand, and as bcftools has them."""

import shutil
import subprocess

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.profiles.call_options import DosageOptions
from seqmill.profiles.calls import read_calls
from seqmill.profiles.plan import BlockPlan
from tests.profiles.genotyped import random_bases, write_calls, write_genome, write_sites

#        123456789012345678901234567890
BASES = "ACGTACGTTTTGCAGGCATACCGATCGATA"


@pytest.fixture
def genome(tmp_path):
    return str(write_genome(tmp_path / "g.fa", c1=BASES))


def read(path, sites, **options):
    found = read_calls(
        BlockPlan(path=str(path), source="vcf"), "person", DosageOptions(sites=sites, **options)
    )
    return found, found.block.values.T.tolist()


def test_genotypes_of_all_kinds_by_hand(tmp_path, genome):
    calls = write_calls(
        tmp_path / "v.vcf",
        ["a", "b", "c", "d"],
        [
            "c1 1  . A G   . PASS . GT 0/0 0/1 1|1 ./.",
            "c1 2  . C T,A . PASS . GT 1/2 2|2 0/2 ./1",
            "c1 3  . G C   . PASS . GT 1   0   .   1/1/1",
            "c1 12 . G A   . low  . GT 0/1 1/1 0/0 0/0",
            "c1 13 . C *,T . PASS . GT 0/1 1/2 2/2 0/0",
            "c1 14 . A <X> . PASS . GT 0/0 0/1 ./. 0|0",
        ],
    )
    sites = write_sites(
        tmp_path / "s.tsv",
        "c1 1 A G",
        "c1 2 C T",
        "c1 2 C A",
        "c1 3 G C",
        "c1 12 G A",
        "c1 13 C T",
        "c1 14 A T",
    )
    found, values = read(calls, sites, reference=genome, min_match=0.5)
    assert found.ids == ["a", "b", "c", "d"]
    assert values == [
        [0, 1, 2, -1],
        [1, 0, 0, -1],
        [1, 2, 1, -1],
        [2, 0, -1, -1],
        [-1, -1, -1, -1],
        [0, 1, 2, 0],
        [0, -1, -1, 0],
    ]
    assert np.array_equal(found.block.mask, found.block.values >= 0)
    assert found.block.values.dtype == np.int8
    assert found.block.features[1] == "c1:2:C:T"
    assert found.report["refused"] == {
        "filtered": 4, "half_call": 2, "no_call": 3, "ploidy": 1, "symbolic_allele": 1
    }  # fmt: skip
    assert found.report["match_rate"] == pytest.approx(6 / 7)


def test_options_decide_of_half_calls_haploid_calls_and_filters(tmp_path):
    rows = ["c1 2 . C T . low . GT ./1 1", "c1 3 . G C . . . GT 0/. 0"]
    calls = write_calls(tmp_path / "v.vcf", ["a", "b"], rows)
    sites = write_sites(tmp_path / "s.tsv", "c1 2 C T", "c1 3 G C")
    _, values = read(calls, sites, half_calls="reference", haploid="single", filtered="kept")
    assert values == [[1, 1], [0, 0]]
    _, values = read(calls, sites, min_match=0.5)
    assert values == [[-1, -1], [-1, 0]]


def test_a_reference_block_is_told_from_no_call(tmp_path, genome):
    rows = [
        "c1 1  . A <*> . . END=5  GT:GQ:MIN_DP 0/0:30:12",
        "c1 6  . C <*> . . END=9  GT:MIN_DP    ./.:1",
        "c1 10 . T <*> . . END=12 GT:GQ:MIN_DP 0/0:9:3",
        "c1 13 . C T,<NON_REF> . . . GT:GQ:DP  0/1:40:20",
        "c1 14 . A <NON_REF> . . END=20 GT:GQ  0/0:50",
    ]
    calls = write_calls(tmp_path / "v.vcf", ["a"], rows)
    sites = write_sites(
        tmp_path / "s.tsv",
        "c1 3 G T",
        "c1 7 G T",
        "c1 11 T A",
        "c1 13 C T",
        "c1 15 G T",
        "c1 25 T C",
        "c1 19 T TA",
    )
    found, values = read(calls, sites, reference=genome, min_match=0.1)
    assert np.ravel(values).tolist() == [0, -1, 0, 1, 0, -1, 0]
    assert found.report["dosages"] == {
        "absent_as_reference": 0, "reference_block": 4, "other_record": 0, "record": 1, "missing": 2,
    }  # fmt: skip
    _, values = read(calls, sites, reference=genome, min_match=0.1, min_gq=10)
    assert np.ravel(values).tolist() == [0, -1, -1, 1, 0, -1, 0]
    _, values = read(calls, sites, reference=genome, min_match=0.1, min_dp=10)
    assert np.ravel(values).tolist() == [0, -1, -1, 1, -1, -1, -1], "a genotype that tells no depth has none"
    _, values = read(calls, sites, reference=genome, absent="reference", min_match=0.5)
    assert np.ravel(values).tolist() == [0, -1, 0, 1, 0, 0, 0], "a block without a call is no absent record"


def test_a_site_of_several_bases_needs_a_block_over_all_of_them(tmp_path, genome):
    blocks = ["c1 1 . A <*> . . END=5 GT 0/0", "c1 6 . C <*> . . END=9 GT 0/0"]
    sites = write_sites(tmp_path / "s.tsv", "c1 4 TACG T", "c1 8 TTTTG T")
    _, values = read(write_calls(tmp_path / "v.vcf", ["a"], blocks), sites, reference=genome, min_match=0.5)
    assert np.ravel(values).tolist() == [0, -1]


def test_haplotypes_of_longer_alleles_tell_of_single_bases(tmp_path, genome):
    rows = ["c1 1 . ACG TCA . . . GT 0/1", "c1 12 . GCAG G . . . GT 0/1", "c1 14 . A C . . . GT 0/1"]
    calls = write_calls(tmp_path / "v.vcf", ["a"], rows)
    sites = write_sites(
        tmp_path / "s.tsv",
        "c1 1 A T",
        "c1 2 C G",
        "c1 3 G T",
        "c1 3 G A",
        "c1 12 G T",
        "c1 13 C T",
        "c1 14 A C",
    )
    _, values = read(calls, sites, reference=genome)
    assert np.ravel(values).tolist() == [1, 0, 0, 1, 0, 0, 1], "what is deleted carries no other base"


def test_an_indel_is_known_however_it_is_written(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a", "b"], ["c1 9 . TTT TT . . . GT 0/1 1/1"])  # TTTT at 8 to 11
    sites = write_sites(tmp_path / "s.tsv", "c1 7 GT G", "c1 12 G GA")
    _, values = read(calls, sites, reference=genome, min_match=0.5)
    assert values == [[1, 2], [-1, -1]]


def test_swapped_sites_and_other_strands_are_refused_or_read_as_what_they_are(tmp_path, genome):
    rows = [
        "c1 1  . A G . . . GT 0/0 0/1 1/1",
        "c1 2  . C T . . . GT 0/1 0/1 1/1",
        "c1 12 . G A . . . GT 0/1 0/0 1/1",
        "c1 16 . G T . . . GT 0/1 0/0 1/1",
    ]
    calls = write_calls(tmp_path / "v.vcf", ["a", "b", "c"], rows)
    both = {"swapped": "fix", "flipped": "fix"}
    #                          swapped   declared    on the other strand, and that swapped too
    sites = write_sites(tmp_path / "s.tsv", "c1 1 G A", "c1 2 C T", "c1 12 C T", "c1 16 A C")
    for given in ({}, {"reference": genome}):
        found, values = read(calls, sites, **given, **both)
        assert values == [[2, 1, 0], [1, 1, 2], [1, 0, 2], [1, 2, 0]]
        told = {name: count for name, count in found.report["orientation"].items() if count}
        assert told == {"as_declared": 1, "swapped": 1, "flipped": 1, "flipped_and_swapped": 1}
        with pytest.raises(
            InputError, match=r"2 of 4 sites have the genome's allele.*c1:1:G:A where the genome"
        ):
            read(calls, sites, flipped="fix", min_match=0.5, **given)
        with pytest.raises(InputError, match=r"2 of 4 sites are given on the other strand.*flipped: fix"):
            read(calls, sites, swapped="fix", min_match=0.5, **given)


def test_blocks_at_swapped_sites_are_two_copies(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 1 . A <*> . . END=30 GT 0/0"])
    sites = write_sites(tmp_path / "s.tsv", "c1 3 T G", "c1 4 T C", "c1 12 GC G", "c1 12 G GC")
    _, values = read(calls, sites, reference=genome, swapped="fix")
    assert np.ravel(values).tolist() == [2, 0, 0, 0]


def test_a_swapped_insertion_is_a_deletion(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a", "b"], ["c1 12 . GCA G . . . GT 0/1 0/0"])
    sites = write_sites(tmp_path / "s.tsv", "c1 12 G GCA")
    _, values = read(calls, sites, swapped="fix")
    assert values == [[1, 2]]


def test_sites_that_are_their_own_complement_are_ambiguous(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 1 . A T . . . GT 0/0", "c1 2 . C T . . . GT 0/1"])
    sites = write_sites(tmp_path / "s.tsv", "c1 1 T A", "c1 2 C T")
    found, values = read(calls, sites, reference=genome, min_match=0.5)
    assert (np.ravel(values).tolist(), found.report["orientation"]["ambiguous"]) == ([-1, 1], 1)
    _, values = read(calls, sites, reference=genome, ambiguous="swapped", swapped="fix")
    assert np.ravel(values).tolist() == [2, 1]


def test_sites_of_another_build_are_refused_with_rate_and_examples(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 2 . C T . . . GT 0/1", "c1 5 . A C . . . GT 0/1"])
    shifted = write_sites(tmp_path / "s.tsv", "c1 2 C T", "c1 4 A C", "c1 13 A T", "c2 5 A C")
    told = r"3 of 4 sites do not have .*flipped 1, mismatch 2.*c1:4:A:C where the genome has T.*25.0% match"
    with pytest.raises(InputError, match=told):
        read(calls, shifted, reference=genome)
    with pytest.raises(InputError, match=r"1 of 4 sites of .* called in anybody \(25.0%\), wanted 75.0%"):
        read(calls, shifted)


def test_another_build_is_found_though_every_snp_fits_somehow(tmp_path):
    bases = random_bases(2000, 1)
    fasta = str(write_genome(tmp_path / "g.fa", c1=bases))
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 1 . A <*> . . END=2000 GT 0/0"], contigs={"c1": 2000})
    fits = [(at, bases[at - 1], "ACGT"["ACGT".index(bases[at - 1]) - 1]) for at in range(5, 1900, 7)]
    both = {"swapped": "fix", "flipped": "fix", "reference": fasta}
    here = write_sites(tmp_path / "s.tsv", *(f"c1 {at} {ref} {alt}" for at, ref, alt in fits))
    assert read(calls, here, **both)[0].report["match_rate"] > 0.7
    there = write_sites(tmp_path / "s.tsv", *(f"c1 {at + 50} {ref} {alt}" for at, ref, alt in fits))
    with pytest.raises(InputError, match="another build"):
        read(calls, there, **both)


def test_calls_of_another_build_are_refused(tmp_path, genome):
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 2 . G T . . . GT 0/1", "c1 5 . T C . . . GT 0/1"])
    sites = write_sites(tmp_path / "s.tsv", "c1 2 C T", "c1 5 A C")
    with pytest.raises(InputError, match=r"0 of 2 sites.*other reference 2"):
        read(calls, sites, reference=genome)


def test_contigs_may_be_named_otherwise(tmp_path):
    fasta = str(write_genome(tmp_path / "g.fa", chr1=BASES))
    rows = ["1 2 . C T . . . GT 0/1"]
    calls = write_calls(tmp_path / "v.vcf", ["a"], rows, contigs={"1": 30})
    sites = write_sites(tmp_path / "s.tsv", "1 2 C T")
    found, values = read(calls, sites, reference=fasta)
    assert (values, found.report["contigs"]) == ([[1]], {"1": "chr1"})
    _, values = read(calls, write_sites(tmp_path / "s.tsv", "chr1 2 C T"))
    assert values == [[1]]


def test_each_person_may_have_a_file(tmp_path, genome):
    for name, genotype in (("x", "0/1"), ("y", "1/1")):
        write_calls(
            tmp_path / f"{name}.vcf", [f"lab_{name}"], [f"c1 2 . C T . . . GT {genotype}"], indexed=True
        )
    sheet = tmp_path / "calls.tsv"
    sheet.write_text(f"person\tcalls\np1\t{tmp_path}/x.vcf.gz\np2\t{tmp_path}/y.vcf.gz\n")
    sites = write_sites(tmp_path / "s.tsv", "c1 2 C T")
    found, values = read(sheet, sites, files="calls", reference=genome)
    assert (found.ids, values) == (["p1", "p2"], [[1, 2]])


def test_a_header_need_not_declare_contigs(tmp_path):
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 2 . C T . . . GT 0/1"], contigs={})
    _, values = read(calls, write_sites(tmp_path / "s.tsv", "c1 2 C T"))
    assert values == [[1]]


def test_bcf_is_read_by_its_index(tmp_path):
    rows = ["c1 2 . C T . . . GT 0/1", "c1 900 . C T . . . GT 1/1", "c2 5 . A C . . . GT 1/1"]
    plain = write_calls(tmp_path / "v.vcf", ["a"], rows)
    with pysam.VariantFile(str(plain)) as source:
        with pysam.VariantFile(str(tmp_path / "v.bcf"), "wb", header=source.header) as target:
            for record in source:
                target.write(record)
    pysam.tabix_index(str(tmp_path / "v.bcf"), preset="bcf", force=True, csi=True)
    _, values = read(
        tmp_path / "v.bcf",
        write_sites(tmp_path / "s.tsv", "c2 5 A C", "c1 2 C T", "c1 901 A C"),
        min_match=0.5,
    )
    assert values == [[2], [1], [-1]]


@pytest.mark.real
@pytest.mark.skipif(not shutil.which("bcftools"), reason="bcftools is not installed")
def test_real_genotypes_are_those_of_bcftools(tmp_path, real_data):
    """2,504 people at the sites of a published score, whose effect alleles are not always alternative."""
    folder = real_data / "patients" / "chr22_pgs"
    calls = folder / "cineca_synthetic_subset.vcf.gz"
    weights = [line.split("\t") for line in (folder / "PGS001229_22.txt").read_text().splitlines()]
    sites = [
        f"{row[1]} {row[2]} {row[4]} {row[3]}"
        for row in weights
        if row[0].startswith("rs") and row[1] == "22"
    ]
    query = ["bcftools", "query", "-f", "%POS %REF %ALT[ %GT]\\n", str(calls)]
    lines = subprocess.run(query, check=True, capture_output=True, text=True).stdout.splitlines()
    told = {(cells := line.split())[0]: cells[1:] for line in lines}
    path = write_sites(tmp_path / "s.tsv", *sites)
    found, values = read(calls, path, swapped="fix", ambiguous="swapped")
    wanted = []
    for site in sites:
        _, position, _, effect = site.split()
        held = told.get(position)
        if held is None:
            wanted.append([-1] * len(found.ids))
            continue
        allele = str(held[:2].index(effect))
        wanted.append([-1 if "." in one else one.count(allele) for one in held[2:]])
    assert values == wanted
    assert found.report["found"] == len(told) == 829


def random_rows(bases, people, rng):
    """Draw records of one to three alleles at every tenth base, with genotypes of all kinds."""
    rows = []
    for start in range(10, len(bases) - 20, 10):
        ref = bases[start : start + int(rng.choice([1, 1, 1, 3]))]
        alts = set()
        while len(alts) < rng.choice([1, 1, 2]):
            first = ref[0] if len(ref) > 1 or rng.random() < 0.3 else ""
            alt = first + "".join(rng.choice(list("ACGT"), rng.integers(0 if first else 1, 3)))
            if alt != ref and (len(alt) == len(ref) == 1 or (alt[0] == ref[0] and len(alt) != len(ref))):
                alts.add(alt)
        numbers = [str(number) for number in range(len(alts) + 1)]
        calls = []
        for _ in range(people):
            pair = rng.choice([*numbers, "."], 2, p=[*[0.9 / len(numbers)] * len(numbers), 0.1])
            calls.append(rng.choice(["/", "|"]).join(pair) if "." not in pair else "./.")
        rows.append(f"c1 {start + 1} . {ref} {','.join(sorted(alts))} . PASS . GT {' '.join(calls)}")
    return rows


@pytest.mark.skipif(not shutil.which("bcftools"), reason="bcftools is not installed")
@pytest.mark.parametrize("indexed", [False, True])
def test_dosages_are_those_of_bcftools(tmp_path, indexed):
    rng = np.random.default_rng(3)
    bases = random_bases(4000, 5)
    fasta = write_genome(tmp_path / "g.fa", c1=bases)
    with Reference(fasta):
        pass  # writes the index that bcftools wants
    people = [f"p{number}" for number in range(40)]
    rows = random_rows(bases, len(people), rng)
    calls = write_calls(tmp_path / "v.vcf", people, rows, contigs={"c1": 4000}, indexed=indexed)
    norm = ["bcftools", "norm", "-m-any", "-f", str(fasta), "-o", str(tmp_path / "n.vcf")]
    subprocess.run([*norm, str(calls)], check=True, capture_output=True)
    query = ["bcftools", "query", "-f", "%CHROM %POS %REF %ALT[ %GT]\\n", str(tmp_path / "n.vcf")]
    lines = subprocess.run(query, check=True, capture_output=True, text=True).stdout.splitlines()
    split = [line.split() for line in lines]
    sites = write_sites(tmp_path / "s.tsv", *(" ".join(cells[:4]) for cells in split))
    wanted = [[-1 if "." in one else one.count("1") for one in cells[4:]] for cells in split]
    found, values = read(calls, sites, reference=str(fasta))
    assert len(wanted) > 400
    assert values == wanted
    assert found.report["match_rate"] == 1


@pytest.mark.skipif(not shutil.which("bcftools"), reason="bcftools is not installed")
def test_blocks_are_those_that_bcftools_expands(tmp_path):
    rng = np.random.default_rng(8)
    bases = random_bases(3000, 6)
    fasta = write_genome(tmp_path / "g.fa", c1=bases)
    with Reference(fasta):
        pass
    rows, at = [], 0
    while at < 2900:
        length = int(rng.integers(1, 40))
        if rng.random() < 0.3:
            alt = "ACGT"["ACGT".index(bases[at]) - 1]
            rows.append(f"c1 {at + 1} . {bases[at]} {alt} . PASS . GT {rng.choice(['0/1', '1/1', './.'])}")
            at += 1
        else:
            genotype = rng.choice(["0/0", "0/0", "./."])
            rows.append(f"c1 {at + 1} . {bases[at]} <*> . . END={at + length} GT {genotype}")
            at += length + int(rng.random() < 0.2) * 5
    calls = write_calls(tmp_path / "v.vcf", ["a"], rows, contigs={"c1": 3000})
    command = ["bcftools", "convert", "--gvcf2vcf", "-f", str(fasta), str(calls)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    told = {int(one[1]): -1 if "." in one[9] else one[9].count("1") for one in cells}
    places = range(1, 2901)
    alts = ["ACGT"["ACGT".index(bases[at - 1]) - 1] for at in places]
    lines = (f"c1 {at} {bases[at - 1]} {alt}" for at, alt in zip(places, alts, strict=True))
    _, values = read(calls, write_sites(tmp_path / "s.tsv", *lines), reference=str(fasta), min_match=0.1)
    assert np.ravel(values).tolist() == [told.get(at, -1) for at in places]
