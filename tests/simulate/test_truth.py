import pysam
import pysam.bcftools
import pytest

from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant, read_vcf
from seqmill.simulate.truth import confident_regions, write_truth

CONTIGS = {"c1": 300_000, "c2": 60_000}
VARIANTS = [
    Variant("c1", 99, "A", ("G",), (0, 1), phased=True, filters=("PASS",)),
    Variant("c1", 200, "AT", ("A", "ATT"), (1, 2), phased=True, filters=("PASS",)),
    Variant("c2", 5, "C", ("T",), (1, 1), filters=("PASS",)),
]


def test_the_vcf_reads_back_as_written(tmp_path):
    path = tmp_path / "truth.vcf.gz"
    write_truth(path, VARIANTS, sample="ada", contigs=CONTIGS)
    assert read_vcf(path, sample="ada") == VARIANTS
    text = pysam.bcftools.view("--no-version", str(path), catch_stdout=True)
    assert text.startswith("##fileformat=VCFv4.3\n")
    assert "##contig=<ID=c2,length=60000>" in text
    assert text.splitlines()[-2].split("\t") == (
        ["c1", "201", ".", "AT", "A,ATT", ".", "PASS", ".", "GT", "1|2"]
    )
    assert text.splitlines()[-1].endswith("1/1")


def test_the_index_finds_a_region_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "truth.vcf.gz"
    write_truth(path, VARIANTS, sample="ada", contigs=CONTIGS)
    with pysam.VariantFile(str(path)) as handle:
        assert [record.start for record in handle.fetch("c1", 150, 300)] == [200]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["truth.vcf.gz", "truth.vcf.gz.tbi"]


def test_a_vcf_without_variants_is_whole(tmp_path):
    write_truth(tmp_path / "none.vcf.gz", [], sample="ada", contigs=CONTIGS)
    assert read_vcf(tmp_path / "none.vcf.gz") == []


def test_confident_regions_keep_off_ends_n_and_what_the_mask_leaves_out(reference):
    everything = Regions.whole(reference.contigs)
    assert list(confident_regions(reference, ["c1", "c2"], everything)) == [
        Interval("c1", 500, 299_500),
        Interval("c2", 500, 20_000),
        Interval("c2", 21_000, 59_500),
    ]
    mask = Regions([Interval("c1", 0, 1_000), Interval("c1", 2_000, 300_000)])
    assert list(confident_regions(reference, ["c1", "c2"], mask)) == [
        Interval("c1", 500, 1_000),
        Interval("c1", 2_000, 299_500),
    ]


@pytest.mark.parametrize("length", [1, 900, 1_000])
def test_a_contig_shorter_than_both_margins_has_no_confident_region(tmp_path, length):
    path = tmp_path / "short.fa"
    path.write_text(">s\n" + "A" * length + "\n")
    with Reference(path) as short:
        assert list(confident_regions(short, ["s"], Regions.whole(short.contigs))) == []
