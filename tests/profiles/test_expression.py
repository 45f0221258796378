"""Expression by hand: out of tables of counts, and out of alignments."""

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.gff import read_annotation
from seqmill.profiles.call_options import CountOptions
from seqmill.profiles.expression import read_expression
from seqmill.profiles.plan import BlockPlan
from seqmill.reads.gene_counts import count_genes, write_gene_counts
from tests.reads.generated import write_lines

COUNTS = {
    "a": "# no_feature\t3\ngene\tlength\tcount\nx\t100\t10\ny\t200\t60\n",
    "b": "gene\tlength\tcount\nz\t100\t5\nx\t100\t5\n",
    "c": "gene\tlength\tcount\nx\t100\t0\ny\t200\t0\n",
}


def sheet(tmp_path, paths):
    path = tmp_path / "sheet.tsv"
    path.write_text("person\tcounts\n" + "".join(f"{name}\t{held}\n" for name, held in paths.items()))
    return BlockPlan(path=str(path), source="counts")


def test_tables_of_counts_by_hand(tmp_path):
    for name, text in COUNTS.items():
        (tmp_path / f"{name}.tsv").write_text(text)
    plan = sheet(tmp_path, {name: tmp_path / f"{name}.tsv" for name in COUNTS})
    found = read_expression(plan, "person", CountOptions(files="counts"))
    assert (found.ids, found.block.features) == (["a", "b", "c"], ("x", "y", "z"))
    assert found.block.values[0, :2] == pytest.approx(np.log2([250_001, 750_001]))
    assert found.block.values[1, [0, 2]] == pytest.approx(np.log2([500_001, 500_001]))
    assert found.block.mask.tolist() == [[1, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert found.report["without_reads"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gene\tlength\tcount\nx\t0\t1\n", "gene 'x': found count 1 and length 0"),
        ("gene\tlength\tcount\nx\t5\t-1\n", "found count -1"),
        ("gene\tlength\tcount\nx\t5\t1\nx\t5\t1\n", "gene 'x' stands in 2 rows"),
        ("gene\tcount\nx\t5\n", "no column 'length'"),
    ],
)
def test_counts_that_cannot_be_are_told(tmp_path, text, words):
    (tmp_path / "a.tsv").write_text(text)
    with pytest.raises(InputError, match=words):
        read_expression(sheet(tmp_path, {"a": tmp_path / "a.tsv"}), "person", CountOptions(files="counts"))


def test_files_without_a_common_gene_are_refused(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.tsv").write_text(f"gene\tlength\tcount\n{name}\t9\t1\n")
    plan = sheet(tmp_path, {name: tmp_path / f"{name}.tsv" for name in "ab"})
    with pytest.raises(InputError, match="no two files share a gene"):
        read_expression(plan, "person", CountOptions(files="counts"))


def test_alignments_are_counted_by_gene_as_their_table_tells(tmp_path):
    gtf = tmp_path / "g.gtf"
    gtf.write_text(
        "".join(
            f'chr1\tx\texon\t{start}\t{start + 99}\t.\t+\t.\tgene_id "{gene}"; transcript_id "{gene}";\n'
            for gene, start in (("x", 1), ("y", 301))
        )
    )
    lines = [f"r{at}\t0\tchr1\t{at}\t60\t20M\t*\t0\t0\t{'A' * 20}\t{'I' * 20}" for at in (5, 9, 310)]
    bam = write_lines(tmp_path / "a.bam", lines)
    if not (tmp_path / "a.bam.bai").exists():
        pysam.index(str(bam))
    options = CountOptions(files="counts", annotation=str(gtf))
    counted = read_expression(sheet(tmp_path, {"a": bam}), "person", options)
    assert counted.block.values[0] == pytest.approx(np.log2([1e6 * 2 / 3 + 1, 1e6 / 3 + 1]))
    write_gene_counts(tmp_path / "a.tsv", count_genes(bam, read_annotation(gtf), library="unstranded"))
    told = read_expression(sheet(tmp_path, {"a": tmp_path / "a.tsv"}), "person", CountOptions(files="counts"))
    assert np.array_equal(told.block.values, counted.block.values)
