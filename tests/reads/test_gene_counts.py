"""Gene counts against htseq-count's rules written out read by read, on drawn and on real reads."""

import gzip
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.genome.annotation import Annotation, Gene, Transcript
from seqmill.genome.gff import read_annotation
from seqmill.genome.reference import Reference
from seqmill.reads import gene_counts
from seqmill.reads.align import align_fastq
from seqmill.reads.gene_counts import COUNTERS, GeneCounts, count_genes, write_gene_counts
from tests.reads.generated import consumed, write_lines

EXCLUDED = 0x100 | 0x200 | 0x800


def counted(path: Path, annotation: Annotation, library: str, min_mapq: int = 10) -> Counter:
    """Count as htseq-count's documentation tells, base by base."""
    over = defaultdict(set)
    for gene in annotation.genes:
        for start, end in gene.exons:
            for block in range(start // 1000, end // 1000 + 1):
                over[gene.contig, block, gene.strand].add((start, end, gene.name))
    fragments = defaultdict(list)
    with pysam.AlignmentFile(str(path)) as handle:
        for number, record in enumerate(handle.fetch(until_eof=True)):
            if not record.flag & EXCLUDED:
                pair = record.is_paired and not (record.mate_is_unmapped and not record.is_unmapped)
                fragments[record.query_name if pair else number].append(record)
    found = Counter()
    for records in fragments.values():
        aligned = [record for record in records if not record.is_unmapped]
        genes = set().union(*(touched(record, over, library) for record in aligned))
        if not aligned:
            found["not_aligned"] += 1
        elif any(record.has_tag("NH") and record.get_tag("NH") > 1 for record in aligned):
            found["not_unique"] += 1
        elif any(record.mapping_quality < min_mapq for record in aligned):
            found["too_low_quality"] += 1
        elif len(genes) != 1:
            found["ambiguous" if genes else "no_feature"] += 1
        else:
            found[next(iter(genes))] += 1
    return found


def touched(record: pysam.AlignedSegment, over: dict, library: str) -> set[str]:
    """Give the genes under the aligned bases of one read."""
    strands = "+-"
    if library != "unstranded":
        against = record.is_reverse ^ record.is_read2 ^ (library == "reverse")
        strands = "-" if against else "+"
    genes, position = set(), record.reference_start
    for operation, length in record.cigartuples or []:
        if operation in (0, 7, 8):
            for at in range(position, position + length):
                for strand in strands:
                    near = over.get((record.reference_name, at // 1000, strand), ())
                    genes |= {name for start, end, name in near if start <= at < end}
        position += length if operation in (0, 2, 3, 7, 8) else 0
    return genes


def assert_same(found: GeneCounts, wanted: Counter) -> None:
    held = dict(zip(found.genes, found.counts.tolist(), strict=True)) | found.counters
    assert {name: count for name, count in held.items() if count} == dict(wanted)


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """A few genes close together, on both strands, that overlap and touch."""
    genes = []
    for number in range(draw(st.integers(1, 5))):
        contig, strand = draw(st.sampled_from(["chr1", "chr2"])), draw(st.sampled_from("+-"))
        transcripts = []
        for _ in range(draw(st.integers(1, 2))):
            gaps = draw(
                st.lists(st.integers(1, 12), min_size=2, max_size=6).filter(lambda g: len(g) % 2 == 0)
            )
            bounds = (100 + np.cumsum(gaps)).tolist()
            exons = tuple(zip(bounds[::2], bounds[1::2], strict=True))
            transcripts.append(Transcript(f"t{number}", f"g{number}", contig, strand, exons))
        genes.append(Gene(f"g{number}", "", "", tuple(transcripts)))
    return Annotation(tuple(genes))


@st.composite
def reads(draw: st.DrawFn) -> str:
    """One read of a few names; mates may be missing, filtered, or on another contig."""
    cigar = draw(st.sampled_from(["5M", "2M10N3M", "1S4M2D2M", "3M2I3M", "2=1X9N1M", "1M1P1M"]))
    flag = draw(st.sampled_from([0, 16, 67, 131, 83, 163, 99, 147, 73, 137, 256, 329, 512, 1024, 2113]))
    length = consumed(cigar)
    tags = draw(st.sampled_from([[], [], ["NH:i:1"], ["NH:i:2"]]))
    fields = [
        f"{'p' if flag & 1 else 's'}{draw(st.integers(0, 9))}",
        flag,
        draw(st.sampled_from(["chr1", "chr1", "chr2"])),
        draw(st.integers(95, 140)),
        draw(st.sampled_from([0, 9, 10, 60, 60])),
        cigar,
        "*",
        0,
        0,
        "A" * length,
        "*",
        *tags,
    ]
    return "\t".join(map(str, fields))


UNALIGNED = [
    "u1\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII",
    "u2\t77\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII",
    "u2\t141\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII",
    "u3\t516\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII",
]


@settings(max_examples=80)
@given(annotations(), st.lists(reads(), max_size=20), st.sampled_from(["unstranded", "forward", "reverse"]))
def test_counts_are_those_of_a_loop_over_reads(tmp_path_factory, annotation, lines, library):
    unique = list({(line.split("\t")[0], int(line.split("\t")[1]) & 0xC0): line for line in lines}.values())
    path = write_lines(tmp_path_factory.mktemp("counts") / "a.bam", unique)
    contigs = {gene.contig for gene in annotation.genes}
    assert contigs
    assert_same(count_genes(path, annotation, library=library), counted(path, annotation, library))


GENES = Annotation(
    (
        Gene("a", "", "", (Transcript("a", "a", "chr1", "+", ((100, 200), (300, 400))),)),
        Gene("b", "", "", (Transcript("b", "b", "chr1", "-", ((380, 500),)),)),
    )
)


def line(name, flag, start, cigar, mapq=60):
    fields = [name, flag, "chr1", start + 1, mapq, cigar, "*", 0, 0, "A" * consumed(cigar), "*"]
    return "\t".join(map(str, fields))


def write_with_unaligned(path, lines):
    write_lines(path, lines, index=False)
    with pysam.AlignmentFile(str(path)) as handle:
        header, records = handle.header, list(handle.fetch(until_eof=True))
    with pysam.AlignmentFile(str(path), "wb", header=header) as sink:
        for record in [*records, *(pysam.AlignedSegment.fromstring(text, header) for text in UNALIGNED)]:
            sink.write(record)
    pysam.index(str(path))
    return path


@pytest.mark.parametrize("window", [50, 10_000])
@pytest.mark.parametrize(
    ("library", "counts", "others"),
    [
        ("unstranded", [3, 1], [1, 1, 1, 0, 2]),
        ("forward", [3, 1], [1, 1, 1, 0, 2]),
        ("reverse", [1, 1], [4, 0, 1, 0, 2]),
    ],
)
def test_tables_by_hand(tmp_path, monkeypatch, window, library, counts, others):
    monkeypatch.setattr(gene_counts, "_WINDOW", window)
    lines = [
        line("spliced", 0, 190, "10M100N10M"),
        line("in_intron", 0, 220, "20M"),
        line("pair", 99, 150, "20M"),
        line("pair", 147, 310, "20M"),
        line("both", 0, 370, "20M"),
        line("b_only", 16, 450, "20M"),
        line("low", 0, 150, "20M", mapq=9),
        line("twice", 1024, 150, "20M"),
    ]
    if library == "unstranded":
        lines[4] = line("both", 0, 375, "20M")
    found = count_genes(write_with_unaligned(tmp_path / "a.bam", lines), GENES, library=library)
    assert_same(found, counted(tmp_path / "a.bam", GENES, library))
    assert found.counters["not_aligned"] == 2 and found.counters["too_low_quality"] == 1
    assert found.lengths.tolist() == [200, 120]
    assert found.counts.sum() + sum(found.counters.values()) == 9


def test_tpm_by_hand(tmp_path):
    found = GeneCounts(
        ("a", "b", "c"), np.array([10, 30, 0]), np.array([100, 100, 7]), dict.fromkeys(COUNTERS, 1)
    )
    assert found.tpm().tolist() == [250_000, 750_000, 0]
    assert found.log_tpm()[[0, 2]].tolist() == [np.log2(250_001), 0]
    write_gene_counts(tmp_path / "t.tsv", found)
    lines = (tmp_path / "t.tsv").read_text().splitlines()
    assert lines[0] == "# no_feature\t1" and lines[5] == "gene\tlength\tcount\ttpm\tlog_tpm"
    assert lines[6].split("\t")[:4] == ["a", "100", "10", "250000.0000"]
    nothing = GeneCounts(("a",), np.array([0]), np.array([9]), {})
    assert nothing.tpm().tolist() == [0]


def test_an_annotation_of_another_genome_is_refused(tmp_path):
    path = write_lines(tmp_path / "a.bam", [])
    gene = Gene("a", "", "", (Transcript("a", "a", "1", "+", ((0, 9),)),))
    with pytest.raises(InputError, match=r"shares no contig with the annotation: found 'chr1'.*wanted '1'"):
        count_genes(path, Annotation((gene,)), library="unstranded")
    with pytest.raises(InputError, match="library: found 'no'"):
        count_genes(path, GENES, library="no")


@pytest.mark.real
@pytest.mark.slow
def test_real_yeast_reads_from_fastq_to_counts(real_data, tmp_path):
    folder, fasta = real_data / "expression/yeast_rnaseq", real_data / "regulatory/yeast_atac/genome.fa.gz"
    bam = tmp_path / "a.bam"
    align_fastq([(folder / "reads.fastq.gz", None)], fasta, bam, sample="a")
    with Reference(fasta) as reference:
        annotation = read_annotation(
            folder / "Saccharomyces_cerevisiae.SGD1.01.56.gtf.gz", contigs=reference.contigs
        )
    with gzip.open(folder / "reads.fastq.gz") as lines:
        reads = sum(1 for _ in lines) // 4
    counts = {}
    for library in ("unstranded", "forward", "reverse"):
        found = count_genes(bam, annotation, library=library, min_mapq=1)
        assert_same(found, counted(bam, annotation, library, min_mapq=1))
        assert found.counts.sum() + sum(found.counters.values()) == reads
        counts[library] = int(found.counts.sum())
    assert counts["forward"] > 10 * counts["reverse"] > 0
