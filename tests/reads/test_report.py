"""The read report: counts, depth over the contigs that were sequenced, checksums."""

import hashlib
import json
import random

import numpy as np
import pytest

from seqmill.reads.report import read_report
from tests.reads.alignments import read, write_bam
from tests.reads.sequencing import CONTIGS


def covered(name, contig, length, depth):
    """Lay reads of ten bases end to end over a contig, `depth` times."""
    return [
        read(f"{name}.{layer}.{start}", start, "10M", "A" * 10, contig=contig)
        for layer in range(depth)
        for start in range(0, length, 10)
    ]


@pytest.fixture
def write(tmp_path):
    def written(reads, **contigs):
        fasta = tmp_path / "reference.fa"
        fasta.write_text("".join(f">{name}\n{'A' * size}\n" for name, size in contigs.items()))
        return write_bam(tmp_path / "a.bam", contigs, reads), fasta

    return written


def test_counts(staged_bam, fasta, pairs, paired_fastq):
    report = read_report(staged_bam, fasta, sample="ada", inputs=paired_fastq, steps=["sorted"])
    assert report["sample"] == "ada"
    assert report["reads"] == report["mapped"] == report["paired"] == report["properly_paired"] == 600
    assert report["secondary"] == report["supplementary"] == 0
    assert report["steps"] == ["sorted"]
    assert report["inputs"] == [
        {
            "name": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in paired_fastq
    ]
    assert list(report["contigs"]) == ["chr1", "chr2"]
    assert report["mean_depth"] == pytest.approx((600 - report["duplicates"]) * 100 / sum(CONTIGS.values()))
    assert sum(report["depth_histogram"]) == sum(CONTIGS.values())
    assert json.loads(json.dumps(report)) == report


def test_insert_size(staged_bam, fasta, pairs):
    insert = read_report(staged_bam, fasta, sample="ada")["insert_size"]
    sizes = [pair.end - pair.start for pair in pairs]
    assert insert["median"] == pytest.approx(np.median(sizes), abs=1.5)
    assert insert["mean"] == pytest.approx(np.mean(sizes), abs=1)
    assert insert["sd"] == pytest.approx(np.std(sizes), abs=1)
    assert sum(insert["histogram"]) == pytest.approx(300, abs=3)


def test_single_reads_have_no_insert_size(write):
    report = read_report(*write(covered("a", 0, 100, 2), c=100), sample="s")
    assert report["insert_size"] == {"median": None, "mean": None, "sd": None, "histogram": None}
    assert report["mean_depth"] == 2.0
    assert report["depth_histogram"] == [0, 0, 100]


def test_mean_depth_leaves_out_contigs_that_were_not_sequenced(write):
    reads = covered("a", 0, 1000, 30) + covered("b", 1, 500, 20) + covered("stray", 2, 10, 4)
    report = read_report(*write(reads, autosome=1000, other=500, stray=1000, empty=400), sample="s")
    assert report["mean_depth"] == pytest.approx((30 * 1000 + 20 * 500) / 1500)
    assert {name: facts["counted"] for name, facts in report["contigs"].items()} == {
        "autosome": True,
        "other": True,
        "stray": False,
    }
    assert report["contigs"]["stray"] == {"length": 1000, "reads": 4, "mean_depth": 0.04, "counted": False}
    assert report["depth_histogram"] == [*[0] * 20, 500, *[0] * 9, 1000]


def test_mitochondrion_does_not_set_the_typical_depth(write):
    reads = covered("a", 0, 2000, 20) + covered("m", 1, 20, 250)
    report = read_report(*write(reads, autosome=2000, mitochondrion=20), sample="s")
    assert report["contigs"]["autosome"]["counted"]
    assert report["mean_depth"] == pytest.approx((20 * 2000 + 250 * 20) / 2020)


def test_contigs_that_the_reference_lacks_are_left_out(write, tmp_path):
    bam, fasta = write(covered("a", 0, 100, 3) + covered("d", 1, 100, 9), c=100, decoy=100)
    fasta = tmp_path / "one.fa"
    fasta.write_text(f">c\n{'A' * 100}\n")
    report = read_report(bam, fasta, sample="s", contig_mismatches=["'decoy' is not in the reference"])
    assert list(report["contigs"]) == ["c"]
    assert report["mean_depth"] == 3.0
    assert report["contig_mismatches"] == ["'decoy' is not in the reference"]


def test_no_mapped_reads(write):
    report = read_report(*write([], c=100), sample="s")
    assert (report["reads"], report["mean_depth"], report["depth_histogram"]) == (0, 0.0, [])


def test_flags_are_counted(write):
    draw = random.Random(2)
    flags = draw.choices([0, 16, 256, 512, 1024, 2048], k=200)
    reads = [read(f"r{k}", draw.randrange(90), "10M", "A" * 10, flag=flag) for k, flag in enumerate(flags)]
    report = read_report(*write(reads, c=100), sample="s")
    assert report["reads"] == sum(flag not in (256, 2048) for flag in flags)
    assert report["duplicates"] == flags.count(1024)
    assert (report["secondary"], report["supplementary"]) == (flags.count(256), flags.count(2048))
    assert report["contigs"]["c"]["reads"] == flags.count(0) + flags.count(16)
