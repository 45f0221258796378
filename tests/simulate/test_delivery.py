import pysam
import pytest

from seqmill.simulate.delivery import delivered
from seqmill.simulate.fastq import pair_writer
from seqmill.simulate.fragments import draw_fragments
from seqmill.simulate.noise import error_model
from seqmill.simulate.sequencing import Sequencer
from seqmill.simulate.streams import stream


@pytest.fixture(scope="module")
def reads(genome):
    haplotypes = genome["c1"], genome["c1"]
    fragments = draw_fragments(
        haplotypes,
        stream(1, "delivery"),
        depth=0.2,
        read_length=100,
        insert_mean=300.0,
        insert_sd=10.0,
        duplicate_rate=0.0,
    )
    sequencer = Sequencer(haplotypes, error_model("clean"), key=1, read_length=100)
    return sequencer.read(fragments, 0, len(fragments))


def deliver(folder, delivery, fasta, reads, lanes=1):
    options = {"sample": "ada", "delivery": delivery, "lanes": lanes, "reference": fasta}
    with delivered(folder, **options) as pairs:
        for paths in pairs:
            with pair_writer(*paths) as writer:
                writer.write("ada.", 0, *reads)
    return sorted(path.name for path in folder.iterdir())


def test_fastq_stays(fasta, reads, tmp_path):
    assert deliver(tmp_path / "a", "fastq", fasta, reads, lanes=2) == [
        "reads_L1_R1.fastq.gz",
        "reads_L1_R2.fastq.gz",
        "reads_L2_R1.fastq.gz",
        "reads_L2_R2.fastq.gz",
    ]


def test_bam_and_cram_hold_the_same_alignments(fasta, reads, tmp_path):
    assert deliver(tmp_path / "b", "bam", fasta, reads) == ["reads.bam", "reads.bam.bai"]
    assert deliver(tmp_path / "c", "cram", fasta, reads) == ["reads.cram", "reads.cram.crai"]
    bam = pysam.view(str(tmp_path / "b" / "reads.bam"))
    cram = pysam.view("-T", str(fasta), str(tmp_path / "c" / "reads.cram"))
    columns = [[line.split("\t")[:11] for line in text.splitlines()] for text in (bam, cram)]
    assert columns[0] == columns[1]
    assert len(columns[0]) == 2 * len(reads[0])


def test_nothing_is_delivered_after_an_error(fasta, tmp_path):
    with (
        pytest.raises(RuntimeError),
        delivered(tmp_path / "d", sample="ada", delivery="bam", lanes=1, reference=fasta),
    ):
        raise RuntimeError
    assert list((tmp_path / "d").iterdir()) == []
