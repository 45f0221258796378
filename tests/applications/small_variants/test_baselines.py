"""The classical callers on reads that are drawn by hand around planted variants."""

import random

import pysam
import pytest

from seqmill.applications.small_variants.baselines import call_bcftools, call_freebayes, has_freebayes
from seqmill.applications.small_variants.score import score_calls
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant, read_vcf

LENGTH, READ = 6_000, 100
CALLERS = [
    call_bcftools,
    pytest.param(
        call_freebayes, marks=pytest.mark.skipif(not has_freebayes(), reason="needs the freebayes program")
    ),
]


def plant(sequence, rng):
    """One variant every 300 bases: SNPs, deletions and insertions of three bases, het and hom."""
    truth = []
    for number, start in enumerate(range(300, LENGTH - 300, 300)):
        base = sequence[start]
        if number % 3 == 0:
            ref, alt = base, rng.choice([other for other in "ACGT" if other != base])
        elif number % 3 == 1:
            ref, alt = sequence[start : start + 4], base
        else:
            ref, alt = base, base + "".join(rng.choices("ACGT", k=3))
        truth.append(Variant("c", start, ref, (alt,), (0, 1) if number % 2 else (1, 1)))
    return truth


def draw_reads(sequence, truth, rng):
    """Give (start, bases, cigar) of error-free reads of both haplotypes, aligned as they were drawn."""
    reads = []
    for haplotype in (0, 1):
        carried = {v.start: v for v in truth if v.genotype[haplotype]}
        for _ in range(LENGTH * 15 // READ):
            start = position = rng.randrange(0, LENGTH - READ - 10)
            bases, cigar = "", []
            while len(bases) < READ and position < LENGTH:
                variant = carried.get(position)
                ref, alt = (variant.ref, variant.alts[0]) if variant else (sequence[position],) * 2
                bases += alt
                position += len(ref)
                cigar += [(0, 1), (2, len(ref) - 1), (1, len(alt) - 1)]
            reads.append((start, bases, [(kind, length) for kind, length in cigar if length]))
    return sorted(reads)


def write_bam(path, reads):
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": n, "LN": LENGTH} for n in "cd"]}
    header["RG"] = [{"ID": "s", "SM": "s"}]
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for contig in (0, 1):
            for number, (start, bases, cigar) in enumerate(reads):
                read = pysam.AlignedSegment(out.header)
                read.query_name = f"{contig}.{number}"
                read.flag = 16 * (number % 2)
                read.reference_id, read.reference_start, read.mapping_quality = contig, start, 60
                read.query_sequence = bases
                read.cigartuples = cigar
                read.query_qualities = pysam.qualitystring_to_array("F" * len(bases))
                read.set_tag("RG", "s")
                out.write(read)
    pysam.index(str(path))
    return path


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    rng = random.Random(5)
    sequence = "".join(rng.choices("ACGT", k=LENGTH))
    (folder / "r.fa").write_text(f">c\n{sequence}\n>d\n{sequence}\n")
    truth = plant(sequence, rng)
    return folder / "r.fa", truth, write_bam(folder / "reads.bam", draw_reads(sequence, truth, rng))


@pytest.mark.parametrize("caller", CALLERS)
def test_finds_what_was_planted(planted, tmp_path, caller):
    path, truth, alignments = planted
    regions = Regions([Interval("c", 0, LENGTH)])
    caller(alignments, path, regions, tmp_path / "calls.vcf.gz")
    calls = read_vcf(tmp_path / "calls.vcf.gz", sample="s", regions=regions)
    assert all(call.quality is not None for call in calls)
    with Reference(path) as reference:
        table = score_calls(truth, calls, reference, confident=regions)
    assert table["tp_genotype"].sum() >= len(truth) - 1
    assert table["fp_allele"].sum() <= 1


@pytest.mark.parametrize("caller", CALLERS)
def test_contigs_called_apart_make_one_sorted_file_of_the_regions_alone(planted, tmp_path, caller):
    path, _, alignments = planted
    regions = Regions([Interval("c", 0, 1_000), Interval("c", 2_000, 3_000), Interval("d", 500, 1_600)])
    caller(alignments, path, regions, tmp_path / "one.vcf.gz")
    caller(alignments, path, regions, tmp_path / "two.vcf.gz", threads=2)
    calls = read_vcf(tmp_path / "one.vcf.gz")
    assert calls == read_vcf(tmp_path / "two.vcf.gz")
    assert [(call.contig, call.start) for call in calls] == sorted(
        (call.contig, call.start) for call in calls
    )
    assert {call.contig for call in calls} == {"c", "d"}
    assert all(regions.overlaps(call.contig, call.start - 5, call.end + 5) for call in calls)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "one.vcf.gz", "one.vcf.gz.tbi", "two.vcf.gz", "two.vcf.gz.tbi",
    ]  # fmt: skip


def test_a_missing_freebayes_is_told(planted, tmp_path, monkeypatch):
    path, _, alignments = planted
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="freebayes: not present"):
        call_freebayes(alignments, path, Regions([Interval("c", 0, 9)]), tmp_path / "calls.vcf.gz")


@pytest.mark.parametrize("caller", CALLERS)
def test_what_cannot_be_called_leaves_nothing(planted, tmp_path, caller):
    path, _, alignments = planted
    with pytest.raises(InputError, match="no region to call"):
        caller(alignments, path, Regions([]), tmp_path / "calls.vcf.gz")
    with pytest.raises(InputError, match="cannot call"):
        caller(tmp_path / "none.bam", path, Regions([Interval("c", 0, 9)]), tmp_path / "calls.vcf.gz")
    assert not list(tmp_path.iterdir())
