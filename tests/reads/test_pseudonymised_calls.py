"""Variants under a pseudonym: records byte for byte, headers without what names."""

import gzip

import pysam
import pysam.bcftools
import pytest

from seqmill.errors import InputError
from seqmill.reads.pseudonymised_calls import reduced_lines, stage_labels

HEADER = """##fileformat=VCFv4.2
##fileDate=20200101
##source=/clinic/Mary/call.sh
##bcftools_callCommand=call -o /clinic/Mary.vcf
##reference=file:///clinic/Mary.fa
##contig=<ID=c1,length=100,assembly=Mary,URL=file:///clinic>
##contig=<ID=c2>
##contig=<length=7,ID=c3>
##SAMPLE=<ID=Mary,Description="MRN-447">
##PEDIGREE=<Name_0=Mary>
##META=<ID=Mary>
##FILTER=<ID=q10,Description="low">
##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">
##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">
##ALT=<ID=DEL,Description="gone">
"""
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tMary\n"
RECORDS = "c1\t5\t.\tA\tC\t50\tPASS\tDP=9\tGT\t0/1\nc2\t7\trs1\tAT\tA\t.\tq10\tDP=1\tGT\t1|1\n"
REDUCED = """##fileformat=VCFv4.2
##contig=<ID=c1,length=100>
##contig=<ID=c2>
##contig=<ID=c3>
##FILTER=<ID=q10,Description="low">
##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">
##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">
##ALT=<ID=DEL,Description="gone">
"""


@pytest.mark.parametrize("packed", [False, True])
def test_header_and_sample_change_and_no_record(tmp_path, packed):
    path = tmp_path / ("Mary.vcf.gz" if packed else "Mary.vcf")
    content = (HEADER + COLUMNS + RECORDS).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    stage_labels(path, tmp_path / "p1.vcf.gz", sample="p1")
    with gzip.open(tmp_path / "p1.vcf.gz", "rt") as lines:
        assert lines.read() == REDUCED + COLUMNS.replace("Mary", "p1") + RECORDS
    with pysam.VariantFile(str(tmp_path / "p1.vcf.gz")) as handle:
        assert list(handle.header.samples) == ["p1"]
        assert [record.samples["p1"]["GT"] for record in handle] == [(0, 1), (1, 1)]


def test_bcf_becomes_vcf(tmp_path):
    (tmp_path / "Mary.vcf").write_text(HEADER + COLUMNS + RECORDS)
    pysam.bcftools.view(
        "-Ob", "-o", str(tmp_path / "Mary.bcf"), str(tmp_path / "Mary.vcf"), catch_stdout=False
    )
    stage_labels(tmp_path / "Mary.bcf", tmp_path / "p1.vcf.gz", sample="p1")
    with gzip.open(tmp_path / "p1.vcf.gz", "rt") as lines:
        text = lines.read()
    assert "Mary" not in text and "/clinic" not in text
    assert text.endswith(COLUMNS.replace("Mary", "p1") + RECORDS)


def test_several_samples_are_numbered():
    lines = [b"##fileformat=VCFv4.2\n", COLUMNS.replace("Mary", "Mary\tBob").encode()]
    assert list(reduced_lines(iter(lines), sample="p1"))[-1].endswith(b"\tp1.1\tp1.2\n")


def test_other_files_are_copied(tmp_path):
    (tmp_path / "Mary.bed").write_text("c1\t0\t5\n")
    stage_labels(tmp_path / "Mary.bed", tmp_path / "p1.bed", sample="p1")
    assert (tmp_path / "p1.bed").read_text() == "c1\t0\t5\n"


@pytest.mark.parametrize("content", [b"", b"Mary\n", b"##fileformat=VCFv4.2\n", b"\x1f\x8bMary"])
def test_what_is_no_vcf_is_refused_untold(tmp_path, content):
    (tmp_path / "link.vcf.gz").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as VCF") as caught:
        stage_labels(tmp_path / "link.vcf.gz", tmp_path / "p1.vcf.gz", sample="p1")
    assert "Mary" not in str(caught.value) and not (tmp_path / "p1.vcf.gz").exists()
    with pytest.raises(InputError, match="no such file"):
        stage_labels(tmp_path / "none.vcf", tmp_path / "p1.vcf.gz", sample="p1")
