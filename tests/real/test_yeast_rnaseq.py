"""Real RNA-seq reads of yeast, from FASTQ to examples: levels are those of an independent count."""

from collections import Counter, defaultdict

import numpy as np
import pysam
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.examples import examples
from seqmill.applications.expression.spec import Options
from seqmill.genome.gff import read_annotation
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.reads.align import align_fastq

READS = 24_999


def counted_by_htseqs_rule(bam, annotation) -> Counter:
    """Count single reads in the mode union, base by base: for a gene when they touch it and no other."""
    over = defaultdict(set)
    for gene in annotation.genes:
        for start, end in gene.exons:
            for position in range(start, end):
                over[gene.contig, gene.strand, position].add(gene.name)
    found: Counter[str] = Counter()
    with pysam.AlignmentFile(str(bam)) as handle:
        for record in handle.fetch():
            if record.mapping_quality < 1 or record.is_secondary or record.is_supplementary:
                continue
            strand = "-" if record.is_reverse else "+"
            touched = set()
            for position in record.get_reference_positions():
                touched |= over[record.reference_name, strand, position]
            if len(touched) == 1:
                found[touched.pop()] += 1
    return found


@pytest.mark.real
@pytest.mark.slow
def test_levels_are_those_of_an_independent_count(real_data, tmp_path):
    folder, fasta = real_data / "expression/yeast_rnaseq", real_data / "regulatory/yeast_atac/genome.fa.gz"
    genes = folder / "Saccharomyces_cerevisiae.SGD1.01.56.gtf.gz"
    bam = tmp_path / "yeast.bam"
    align_fastq([(folder / "reads.fastq.gz", None)], fasta, bam, sample="yeast")
    with Reference(fasta) as reference:
        contigs = dict(reference.contigs)
        annotation = read_annotation(genes, contigs=contigs)
    report = LabelReport()
    job = ExamplesJob(
        sample="yeast",
        alignments=bam,
        reference=fasta,
        intervals=tuple(Interval(name, 0, length) for name, length in contigs.items()),
        splits=None,
        files={"annotation": genes},
        options=Options(upstream=300, downstream=50, library="forward", min_mapping_quality=1),
    )
    tables = [batch.to_pandas() for batch in examples(job, report)]
    levels = {row.name: row.level for table in tables for row in table.itertuples(index=False)}
    counts = counted_by_htseqs_rule(bam, annotation)
    assert report.counts["fragments_counted"] == counts.total() > 9_000
    told = {name: n for name, n in report.counts.items() if name.startswith("fragments")}
    assert sum(told.values()) == READS
    lengths = np.array([sum(end - start for start, end in gene.exons) for gene in annotation.genes])
    rates = np.array([counts[gene.name] for gene in annotation.genes]) / lengths
    expected = np.log2(rates * 1e6 / rates.sum() + 1)
    of_genes = dict(zip([gene.name for gene in annotation.genes], expected, strict=True))
    assert len(levels) == len(annotation.genes) - report.counts.get("examples_dropped.past_end", 0)
    np.testing.assert_allclose(
        [levels[name] for name in levels], [of_genes[name] for name in levels], rtol=1e-5
    )
