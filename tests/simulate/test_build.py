import hashlib

import numpy as np
import pysam
import pytest

from seqmill.genome.intervals import read_bed
from seqmill.genome.reference import Reference
from seqmill.genome.variants import read_vcf
from seqmill.simulate.build import simulate
from seqmill.simulate.plan import ContigPlan, MaskPlan, Plan, SamplePlan

PLAN = Plan(
    seed=5,
    contigs={"a": ContigPlan(random=30_000), "b": ContigPlan(random=15_000)},
    samples={
        "ada": SamplePlan(contigs=("a", "b"), depth=6.0, lanes=2),
        "twin": SamplePlan(contigs=("b",), depth=4.0, individual="ada", error_model="polymerase"),
        "bo": SamplePlan(contigs=("a",), depth=5.0, delivery="bam", error_model="stutter"),
        "cy": SamplePlan(contigs=("a",), depth=5.0, delivery="cram", error_model="binned"),
    },
    mask=MaskPlan(every=50),
)


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    simulate(PLAN, folder, threads=2)
    return folder


def test_everything_is_there_and_nothing_else(built):
    truth = {"truth.vcf.gz", "truth.vcf.gz.tbi", "confident.bed"}
    lanes = {f"reads_L{lane}_R{mate}.fastq.gz" for lane in (1, 2) for mate in (1, 2)}
    files = {
        "ada": truth | lanes,
        "twin": truth | {"reads_R1.fastq.gz", "reads_R2.fastq.gz"},
        "bo": truth | {"reads.bam", "reads.bam.bai"},
        "cy": truth | {"reads.cram", "reads.cram.crai"},
    }
    expected = {f"{name}/{file}" for name, held in files.items() for file in held}
    assert set(digests(built)) == expected | {"reference.fa", "reference.fa.fai", "mask.bed"}


def test_building_again_elsewhere_with_other_threads_gives_the_same_bytes(built, tmp_path):
    simulate(PLAN, tmp_path / "a" / "longer" / "path", threads=1)
    assert digests(tmp_path / "a" / "longer" / "path") == digests(built)


def test_another_seed_gives_other_files(built, tmp_path):
    other = Plan(seed=6, contigs=PLAN.contigs, samples={"ada": PLAN.samples["ada"]}, mask=PLAN.mask)
    simulate(other, tmp_path)
    assert digests(tmp_path)["ada/truth.vcf.gz"] != digests(built)["ada/truth.vcf.gz"]


def test_truth_is_named_for_the_sample_and_shared_by_the_individual(built):
    ada = [v for v in read_vcf(built / "ada" / "truth.vcf.gz", sample="ada") if v.contig == "b"]
    assert ada == read_vcf(built / "twin" / "truth.vcf.gz", sample="twin")
    bo = read_vcf(built / "bo" / "truth.vcf.gz")
    assert bo and {variant.contig for variant in bo} == {"a"}
    assert read_bed(built / "twin" / "confident.bed").contigs == ("b",)


def test_lanes_and_contigs_hold_the_reads_asked_for(built):
    names = []
    for lane in (1, 2):
        mates = []
        for mate in (1, 2):
            with pysam.FastxFile(str(built / "ada" / f"reads_L{lane}_R{mate}.fastq.gz")) as reads:
                mates.append([read.name for read in reads])
        assert mates[0] == mates[1]
        names += mates[0]
    assert len(names) == len(set(names))
    for contig, length in (("a", 30_000), ("b", 15_000)):
        pairs = sum(name.startswith(f"ada.{contig}.") for name in names)
        assert pairs == pytest.approx(1.03 * 6 * length / 300, rel=0.1)


@pytest.mark.parametrize(("name", "file"), [("bo", "reads.bam"), ("cy", "reads.cram")])
def test_alignments_are_sorted_indexed_marked_and_agree_with_the_reference(built, name, file):
    options = {"reference_filename": str(built / "reference.fa")} if file.endswith("cram") else {}
    with pysam.AlignmentFile(str(built / name / file), **options) as alignments:
        assert alignments.header["HD"]["SO"] == "coordinate"
        assert "UR" not in alignments.header["SQ"][0]
        assert alignments.header["RG"][0]["SM"] == name
        reads = list(alignments.fetch("a"))
        assert len(list(alignments.fetch("a", 10_000, 10_500))) > 5
    assert len(reads) == pytest.approx(5 * 30_000 / 150, rel=0.15)
    assert any(read.is_duplicate for read in reads)
    with Reference(built / "reference.fa") as reference:
        same = [
            np.mean([a == b for a, b in zip(read.query_sequence, held, strict=True)])
            for read in reads
            if read.cigarstring == "150M"
            for held in [reference.fetch("a", read.reference_start, read.reference_end)]
        ]
    assert np.mean(same) > 0.98
