"""``seqmill labels`` copies labels, and tells no name of a file."""

import gzip

import pytest
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.errors import InputError

VCF = (
    "##fileformat=VCFv4.2\n##source=Mary\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tMaryMajor\n"
)


def call(source, target):
    arguments = ["labels", str(source), "--sample", "p1", "--output", str(target)]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False)


def test_a_copy_under_the_pseudonym(tmp_path):
    (tmp_path / "MaryMajor.vcf").write_text(VCF)
    result = call(tmp_path / "MaryMajor.vcf", tmp_path / "p1.truth.vcf.gz")
    assert "MaryMajor" not in result.output
    with gzip.open(tmp_path / "p1.truth.vcf.gz", "rt") as lines:
        assert lines.read() == VCF.replace("##source=Mary\n", "").replace("MaryMajor", "p1")


def test_a_damaged_file_is_named_by_the_pseudonym(tmp_path):
    (tmp_path / "MaryMajor.vcf").write_text("Mary\n")
    with pytest.raises(InputError, match=r"p1\.1\.vcf: cannot be read") as caught:
        call(tmp_path / "MaryMajor.vcf", tmp_path / "p1.truth.vcf.gz")
    assert "Mary" not in str(caught.value)
