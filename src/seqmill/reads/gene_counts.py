"""Fragments of RNA reads by gene, as htseq-count's mode "union" counts them (Anders et al. 2015)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pysam

from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.annotation import Annotation
from seqmill.genome.names import some
from seqmill.reads.gene_overlap import LOW, MULTIPLE, PAIRED, GeneMap, overlapped, settle
from seqmill.reads.hits import hits
from seqmill.reads.library import check_library, library_strands
from seqmill.reads.names import hash_names
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.table import QC_FAIL, SECONDARY, SUPPLEMENTARY, UNMAPPED, ReadColumns

COUNTERS = ("no_feature", "ambiguous", "too_low_quality", "not_unique", "not_aligned")
"""What becomes of fragments that count for no gene; htseq-count calls them ``__no_feature``, ``__ambiguous``,
``__too_low_aQual``, ``__alignment_not_unique`` and ``__not_aligned``."""

_WINDOW = 1 << 20
_PAIRED, _MATE_UNMAPPED, _SECOND = 0x1, 0x8, 0x80


@dataclass(frozen=True)
class GeneCounts:
    """Fragments by gene.

    Attributes
    ----------
    genes : tuple of str
        Identifiers, in the order of the annotation.
    counts : np.ndarray, int64, shape (n,)
        Fragments of each.
    lengths : np.ndarray, int64, shape (n,)
        Bases of the union of its exons.
    counters : dict
        Fragments that count for no gene, by the names of `COUNTERS`.
    """

    genes: tuple[str, ...]
    counts: np.ndarray
    lengths: np.ndarray
    counters: dict[str, int]

    def tpm(self) -> np.ndarray:
        """Give transcripts per million (Wagner et al. 2012): float64, shape (n,), of sum 10**6, or all 0."""
        rate = self.counts / self.lengths
        total = rate.sum()
        return rate * (1e6 / total) if total else rate

    def log_tpm(self) -> np.ndarray:
        """Give log2(TPM + 1): float64, shape (n,)."""
        return np.log2(self.tpm() + 1)


def count_genes(
    alignments: str | os.PathLike[str],
    annotation: Annotation,
    *,
    library: str,
    reference: str | os.PathLike[str] | None = None,
    min_mapq: int = 10,
    excluded: int = SECONDARY | QC_FAIL | SUPPLEMENTARY,
) -> GeneCounts:
    """Count the fragments of each gene.

    A fragment is a pair or a single read. It counts for a gene when the aligned bases of its reads touch
    exons of that gene and of no other. One that aligns to several places (tag NH of any of its reads above 1)
    counts as `not_unique`, else one with a read mapped with less confidence than `min_mapq` as
    `too_low_quality`; both reads have a say as far as they are aligned.

    Parameters
    ----------
    alignments : path
        BAM or CRAM, sorted, with its index.
    annotation : Annotation
        Its contigs are named as those of the alignments (`read_annotation` sees to that).
    library : str
        One of `seqmill.reads.library.LIBRARIES`; all but ``unstranded`` look at genes of one strand alone.
    reference : path, optional
        FASTA; needed for CRAM.
    min_mapq : int
        See above.
    excluded : int
        Reads with any of these SAM flags are left out. Duplicates count: in RNA a deep gene has many.

    Raises
    ------
    InputError
        As `AlignmentReader` does; for a library of another name; when no gene lies on a contig of the file.
    """
    check_library(library)
    genes = annotation.genes
    counts = np.zeros(len(genes) + len(COUNTERS), np.int64)
    waiting = _nothing()
    with AlignmentReader(alignments, reference=reference) as reader:
        _check_contigs(alignments, annotation, reader.contigs)
        for contig, length in reader.contigs.items():
            held = GeneMap(genes, contig)
            found = [waiting]
            for start, _, columns in reader.windows(
                contig, 0, length, size=_WINDOW, margin=0, excluded=excluded | UNMAPPED
            ):
                begun = columns.select(columns.start >= start)
                found.append(_facts(begun, held, library, min_mapq))
            fragment, gene, state = (np.concatenate(column) for column in zip(*found, strict=True))
            rest = settle(fragment, gene, state, counts, last=False)
            waiting = (fragment[rest], gene[rest], state[rest])
    settle(*waiting, counts, last=True)
    counters = dict(zip(COUNTERS, counts[len(genes) :].tolist(), strict=True))
    counters["not_aligned"] = _not_aligned(alignments, reference, excluded)
    lengths = [sum(end - start for start, end in gene.exons) for gene in genes]
    return GeneCounts(
        tuple(gene.name for gene in genes), counts[: len(genes)], np.array(lengths, np.int64), counters
    )


def _check_contigs(
    alignments: str | os.PathLike[str], annotation: Annotation, contigs: Mapping[str, int]
) -> None:
    held = list(dict.fromkeys(gene.contig for gene in annotation.genes))
    if not any(contig in contigs for contig in held):
        raise InputError(
            f"{os.fspath(alignments)}: shares no contig with the annotation: found {some(list(contigs))}, "
            f"wanted {some(held)}; give the annotation of the reference that the reads are aligned to"
        )


def _nothing() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.uint8)


def _facts(
    columns: ReadColumns, genes: GeneMap, library: str, min_mapq: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give for each read its fragment, the gene it touches and its state."""
    fragment = hash_names(columns.buffer, columns.name_at, columns.name_length, 0)
    gene = overlapped(columns, genes, library_strands(columns.flag, library))
    paired = ((columns.flag & _PAIRED) != 0) & ((columns.flag & _MATE_UNMAPPED) == 0)
    state = paired * PAIRED + (hits(columns) > 1) * MULTIPLE + (columns.mapq < min_mapq) * LOW
    return fragment, gene, state.astype(np.uint8)


def _not_aligned(
    alignments: str | os.PathLike[str], reference: str | os.PathLike[str] | None, excluded: int
) -> int:
    """Count the fragments of which no read is aligned: they lie behind all contigs."""
    with pysam.AlignmentFile(
        os.fspath(alignments), reference_filename=None if reference is None else os.fspath(reference)
    ) as handle:
        flags = (record.flag for record in handle.fetch("*"))
        return sum(not flag & (excluded | _SECOND) for flag in flags)


def write_gene_counts(path: str | os.PathLike[str], counts: GeneCounts) -> None:
    """Write a table of gene, length, count, TPM and log2(TPM + 1), with a header, atomically.

    The counters stand first, as comments.
    """
    with atomic_path(path) as aside, open(aside, "w") as handle:
        handle.writelines(f"# {name}\t{value}\n" for name, value in counts.counters.items())
        handle.write("gene\tlength\tcount\ttpm\tlog_tpm\n")
        rows = zip(counts.genes, counts.lengths, counts.counts, counts.tpm(), counts.log_tpm(), strict=True)
        for gene, length, count, tpm, log_tpm in rows:
            handle.write(f"{gene}\t{length}\t{count}\t{tpm:.4f}\t{log_tpm:.4f}\n")
