"""Blocks of expression: log2(TPM + 1) of genes, out of counts or of aligned RNA reads."""

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.gff import read_annotation
from seqmill.genome.names import some
from seqmill.profiles.call_options import CountOptions
from seqmill.profiles.columns import numbers_of, read_file, text_of
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sheets import read_sheet
from seqmill.profiles.table import Block, Found
from seqmill.reads.gene_counts import GeneCounts, count_genes


def read_expression(plan: BlockPlan, column: str, options: CountOptions) -> Found:
    """Read log2(TPM + 1) by gene, float32 [n, genes]; a gene that a file of counts lacks is missing.

    TPM are made of counts and lengths anew, over the genes of each file.

    Raises
    ------
    InputError
        When a file cannot be used, or files share no gene.
    """
    files = read_sheet(plan.path, column, options.files)
    counted = [_counted(path, options) for path in files.values()]
    genes = tuple(dict.fromkeys(gene for one in counted for gene in one.genes))
    places = {gene: number for number, gene in enumerate(genes)}
    shape = (len(counted), len(genes))
    values, mask = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for row, one in enumerate(counted):
        at = [places[gene] for gene in one.genes]
        values[row, at], mask[row, at] = one.log_tpm(), True
        if not one.counts.any():
            mask[row] = False  # without any read nothing is known of any gene
    shared = int(mask.all(axis=0).sum())
    if mask.any() and not shared and (mask.sum(axis=0) <= 1).all() and len(counted) > 1:
        raise InputError(
            f"{plan.path}: no two files share a gene ({some(list(genes))}); give counts of one annotation"
        )
    report = {
        "people": len(counted),
        "genes": len(genes),
        "in_all": shared,
        "without_reads": int((~mask.any(axis=1)).sum()),
        "fragments": int(sum(int(one.counts.sum()) for one in counted)),
    }
    return Found(list(files), Block(genes, values, mask), report)


def _counted(path: str, options: CountOptions) -> GeneCounts:
    if options.annotation:
        annotation = read_annotation(options.annotation)
        return count_genes(path, annotation, library=options.library, reference=options.reference or None)
    table = read_file(path, comments=True)
    genes = text_of(table, options.gene, path=path)
    counts, lengths = (numbers_of(table, name, path=path) for name in (options.count, options.length))
    if len(set(genes)) < len(genes):
        twice = next(gene for gene in genes if genes.count(gene) > 1)
        raise InputError(f"{path}: gene '{twice}' stands in {genes.count(twice)} rows; keep one")
    wrong = ~(counts >= 0) | ~(lengths > 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"{path}: gene '{genes[row]}': found count {counts[row]:g} and length {lengths[row]:g}, wanted 0 "
            "or more, and above 0"
        )
    return GeneCounts(tuple(genes), counts, lengths, {})
