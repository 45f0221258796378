from dataclasses import replace

import pysam
import pytest

from seqmill.genome.intervals import Interval, Regions, read_bed, write_bed
from seqmill.genome.variants import Variant, read_vcf
from seqmill.simulate.plan import ContigPlan, Plan, SamplePlan
from seqmill.simulate.samples import draw_individuals, write_sample
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.truth import write_truth

CONTIGS = {"c1": ContigPlan(random=300_000), "c2": ContigPlan(random=60_000)}


def plan(**samples):
    return Plan(seed=1, contigs=CONTIGS, samples=samples)


def test_an_individual_does_not_depend_on_who_else_is_there(reference):
    alone = draw_individuals(plan(ada=SamplePlan(contigs=("c2",))), reference, Spectrum())
    crowd = plan(bo=SamplePlan(contigs=("c2", "c1")), ada=SamplePlan(contigs=("c2",)))
    together = draw_individuals(crowd, reference, Spectrum())
    assert set(together) == {("bo", "c2"), ("bo", "c1"), ("ada", "c2")}
    assert together["ada", "c2"] == alone["ada", "c2"] != together["bo", "c2"]


def test_contigs_with_sites_are_drawn_at_the_sites(reference, tmp_path):
    path = tmp_path / "sites.vcf"
    lines = [
        f"z\t{place + 1}\t.\t{reference.fetch('c2', place, place + 1)}\t<DEL>\t.\t.\tAF=0.5\n"
        for place in range(1_000, 9_000, 1_000)
    ]
    ref = reference.fetch("c2", 10_000, 10_001)
    lines.append(f"z\t10001\t.\t{ref}\t{'A' if ref != 'A' else 'C'}\t.\t.\tAF=1\n")
    head = (
        "##fileformat=VCFv4.2\n##contig=<ID=z>\n"
        '##INFO=<ID=AF,Number=A,Type=Float,Description="">\n'
        '##ALT=<ID=DEL,Description="">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
    )
    path.write_text(head + "".join(lines))
    contigs = {"c2": ContigPlan(random=60_000, sites=str(path), sites_contig="z")}
    drawn = draw_individuals(
        Plan(seed=1, contigs=contigs, samples={"ada": SamplePlan(contigs=("c2",))}), reference, Spectrum()
    )
    assert [(variant.start, variant.genotype) for variant in drawn["ada", "c2"]] == [(10_000, (1, 1))]


@pytest.fixture
def real(reference, tmp_path):
    fastq, truth = tmp_path / "reads.fq", tmp_path / "truth.vcf.gz"
    fastq.write_text("".join(f"@a/{mate}\nACGT\n+\nFFFF\n" for mate in (2, 1)))
    variants = [Variant("c2", 99, reference.fetch("c2", 99, 100), ("N",), (0, 1))]
    write_truth(truth, variants, sample="other", contigs=reference.contigs)
    return SamplePlan(contigs=("c2",), fastq=str(fastq), truth=str(truth))


def write(sample, reference, folder):
    mask = Regions([Interval("c2", 30_000, 40_000)])
    write_sample(plan(na=sample), "na", reference=reference, individuals={}, mask=mask, folder=folder)


def test_real_reads_keep_their_truth_on_the_whole_contig(real, reference, tmp_path):
    write(real, reference, tmp_path / "na")
    (variant,) = read_vcf(tmp_path / "na" / "truth.vcf.gz", sample="na")
    assert (variant.start, variant.genotype) == (99, (0, 1))
    assert read_bed(tmp_path / "na" / "confident.bed") == Regions([Interval("c2", 0, 60_000)])
    with pysam.FastxFile(str(tmp_path / "na" / "reads_R1.fastq.gz")) as reads:
        assert [read.name for read in reads] == ["a"]


def test_real_reads_may_bring_their_confident_regions(real, reference, tmp_path):
    write_bed(tmp_path / "sure.bed", Regions([Interval("c1", 0, 10), Interval("c2", 50, 500)]))
    write(replace(real, confident=str(tmp_path / "sure.bed")), reference, tmp_path / "na")
    assert read_bed(tmp_path / "na" / "confident.bed") == Regions([Interval("c2", 50, 500)])
