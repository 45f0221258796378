"""The call file, read by pysam's bcftools and by an independent reader."""

import gzip
import shutil
import subprocess

import pysam
import pysam.bcftools
import pytest

from seqmill.applications.small_variants.blocks import Block
from seqmill.applications.small_variants.calls import Call
from seqmill.applications.small_variants.export import block_line, call_line, write_vcf
from seqmill.errors import SeqmillError
from seqmill.genome.variants import read_vcf

CONTIGS = {"chr2": 5000, "chr10": 900}
LINEAGE = {"checkpoint": "a" * 64, "dataset": "b" * 64, "reference": "c" * 64, "reads": "d" * 64}


def call(contig="chr2", start=99, **changes):
    values = {
        "contig": contig,
        "start": start,
        "ref": "A",
        "alts": ("G",),
        "genotype": (0, 1),
        "quality": 31.5,
        "genotype_quality": 30,
        "likelihoods": (31, 0, 99),
        "depth": 20,
        "allele_depths": (11, 9),
    }
    return Call(**values | changes)


CALLS = [
    call(),
    call(
        start=120,
        ref="CAA",
        alts=("C", "CA"),
        genotype=(1, 2),
        likelihoods=(90, 40, 41, 42, 0, 43),
        allele_depths=(1, 10, 9),
        quality=2.0,
    ),
    call(contig="chr10", start=0, genotype=(1, 1), likelihoods=(99, 20, 0)),
]
BLOCKS = [
    Block(contig="chr2", start=0, end=99, ref="T", called=True, genotype_quality=31, min_depth=12),
    Block(contig="chr2", start=100, end=120, ref="G", called=False, genotype_quality=3, min_depth=1),
]


def write(path, records=CALLS, **options):
    write_vcf(
        path,
        records,
        sample="eve",
        contigs=CONTIGS,
        lineage=LINEAGE,
        passes=lambda it: it.quality >= 3,
        **options,
    )
    return path


def test_call_line():
    line = call_line(CALLS[1], passes=False)
    assert (
        line == "chr2\t121\t.\tCAA\tC,CA\t2\tLowQual\t.\tGT:GQ:DP:AD:PL\t1/2:30:20:1,10,9:90,40,41,42,0,43\n"
    )


def test_block_lines_tell_reference_from_no_call():
    assert block_line(BLOCKS[0]) == "chr2\t1\t.\tT\t<*>\t.\t.\tEND=99\tGT:GQ:MIN_DP:PL\t0/0:31:12:0,31,240\n"
    assert block_line(BLOCKS[1]) == "chr2\t101\t.\tG\t<*>\t.\t.\tEND=120\tGT:MIN_DP\t./.:1\n"


def test_what_is_written_is_read_back(tmp_path):
    path = write(tmp_path / "calls.vcf.gz")
    found = read_vcf(path)
    assert [(v.contig, v.start, v.ref, v.alts, v.genotype, v.filters) for v in found] == [
        ("chr2", 99, "A", ("G",), (0, 1), ("PASS",)),
        ("chr2", 120, "CAA", ("C", "CA"), (1, 2), ("LowQual",)),
        ("chr10", 0, "A", ("G",), (1, 1), ("PASS",)),
    ]
    with pysam.VariantFile(str(path)) as handle:
        assert dict((name, record.length) for name, record in handle.header.contigs.items()) == CONTIGS
        (record,) = list(handle.fetch("chr10"))
        sample = record.samples["eve"]
        assert (sample["GQ"], sample["DP"], sample["AD"], sample["PL"]) == (30, 20, (11, 9), (99, 20, 0))


def test_header_states_version_and_lineage_first_line_is_the_format(tmp_path):
    lines = gzip.open(write(tmp_path / "calls.vcf.gz"), "rt").read().splitlines()
    assert lines[0] == "##fileformat=VCFv4.3"
    assert lines[1].startswith("##source=seqmill ")
    for key, value in LINEAGE.items():
        assert f"##seqmill_{key}={value}" in lines
    assert str(tmp_path) not in "\n".join(lines)


@pytest.mark.parametrize("records", [CALLS, [BLOCKS[0], CALLS[0], BLOCKS[1], *CALLS[1:]], []])
@pytest.mark.parametrize("verb", ["view", "stats"])
def test_bcftools_reads_it_without_a_warning(tmp_path, capfd, records, verb):
    path = write(tmp_path / "calls.vcf.gz", records, blocks=True)
    getattr(pysam.bcftools, verb)(str(path), catch_stdout=True)
    assert capfd.readouterr().err == ""
    if shutil.which("bcftools"):
        done = subprocess.run(["bcftools", verb, str(path)], capture_output=True, text=True, check=True)
        assert done.stderr == ""


def test_bytes_repeat_and_the_index_is_whole(tmp_path):
    first, second = write(tmp_path / "a.vcf.gz"), write(tmp_path / "b.vcf.gz")
    assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "a.vcf.gz.tbi").read_bytes() == (tmp_path / "b.vcf.gz.tbi").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.vcf.gz",
        "a.vcf.gz.tbi",
        "b.vcf.gz",
        "b.vcf.gz.tbi",
    ]


def test_nothing_is_left_when_writing_fails(tmp_path):
    def records():
        yield CALLS[0]
        raise OSError("no space")

    with pytest.raises(SeqmillError, match=r"calls\.vcf\.gz: cannot be written \(no space\)"):
        write(tmp_path / "calls.vcf.gz", records())
    assert list(tmp_path.iterdir()) == []
