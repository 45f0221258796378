"""Which gene the aligned bases of reads touch, and what becomes of the fragments that they make up."""

from collections.abc import Sequence

import numpy as np
from numba import njit

from seqmill.genome.annotation import Gene
from seqmill.reads.table import ReadColumns
from seqmill.reads.words import int32_at

NO_GENE, AMBIGUOUS = -1, -2
"""In place of a gene: no exon is touched; exons of several genes are."""

PAIRED, MULTIPLE, LOW = 1, 2, 4
"""State of a read: its mate is aligned, too; it aligns to several places; its mapping quality is too low."""

_BEHIND = 1 << 40
_ALIGNED = 0b110000001  # the operations M = X
_REFERENCE = 0b110001101  # the operations M D N = X


class GeneMap:
    """The genes of a contig by position: of both strands, of the forward and of the reverse strand.

    Parameters
    ----------
    genes : sequence of Gene
        Those of all contigs; a gene is known by its place among them.
    contig : str
        The contig.

    Attributes
    ----------
    bounds : np.ndarray, int64, shape (m + 1,)
        Where the stretches begin; the last is behind all positions.
    gene : np.ndarray, int32, shape (3, m)
        The one gene with exons over a stretch, `NO_GENE` or `AMBIGUOUS`, by strand of the gene: both,
        forward, reverse.
    """

    def __init__(self, genes: Sequence[Gene], contig: str) -> None:
        spans = [
            (start, end, number, gene.strand == "+")
            for number, gene in enumerate(genes)
            if gene.contig == contig
            for start, end in gene.exons
        ]
        starts, ends, numbers, forward = np.array(spans, np.int64).reshape(-1, 4).T
        inner = np.unique(np.concatenate([starts, ends]))
        self.bounds = np.concatenate([[-1], inner, [_BEHIND]])
        self.gene = np.empty((3, len(self.bounds) - 1), np.int32)
        opens, closes = np.searchsorted(self.bounds, starts), np.searchsorted(self.bounds, ends)
        for row, taken in enumerate((forward >= 0, forward == 1, forward == 0)):
            over, total = np.zeros(len(self.bounds), np.int64), np.zeros(len(self.bounds), np.int64)
            for at, sign in ((opens[taken], 1), (closes[taken], -1)):
                np.add.at(over, at, sign)
                np.add.at(total, at, sign * numbers[taken])
            count, sum_of_genes = np.cumsum(over)[:-1], np.cumsum(total)[:-1]
            self.gene[row] = np.where(count == 1, sum_of_genes, np.where(count, AMBIGUOUS, NO_GENE))


def overlapped(columns: ReadColumns, genes: GeneMap, strands: np.ndarray) -> np.ndarray:
    """Give the gene that the aligned bases of each read touch, `NO_GENE` or `AMBIGUOUS`.

    Parameters
    ----------
    columns : ReadColumns
        Reads of the contig, sorted by start.
    genes : GeneMap
        Its genes.
    strands : np.ndarray, int8, shape (n,)
        Strand of the transcript: 1 forward, -1 reverse, 0 not told.

    Returns
    -------
    np.ndarray, int32, shape (n,)
    """
    found = np.empty(columns.n, np.int32)
    _overlap(columns, genes.bounds, genes.gene, np.array([2, 0, 1])[strands + 1], found)
    return found


@njit(cache=True, nogil=True, inline="always")
def _joined(first: int, second: int) -> int:
    """Give the genes of two stretches together."""
    if first == NO_GENE or first == second:
        return second
    return first if second == NO_GENE else AMBIGUOUS


@njit(cache=True, nogil=True)
def _overlap(
    columns: ReadColumns, bounds: np.ndarray, gene: np.ndarray, rows: np.ndarray, found: np.ndarray
) -> None:
    """Walk the aligned blocks of each read over the stretches that they touch."""
    first = 0
    for read in range(len(found)):
        position = np.int64(columns.start[read])
        while bounds[first + 1] <= position:
            first += 1
        at, touched, row = first, NO_GENE, rows[read]
        for k in range(columns.cigar_length[read]):
            word = int32_at(columns.buffer, columns.cigar_at[read] + 4 * k) & 0xFFFFFFFF
            length, operation = word >> 4, word & 15
            behind = position + length * (_REFERENCE >> operation & 1)
            if length and _ALIGNED >> operation & 1:
                while bounds[at + 1] <= position:
                    at += 1
                touched = _joined(touched, gene[row, at])
                while bounds[at + 1] < behind:
                    at += 1
                    touched = _joined(touched, gene[row, at])
            position = behind
        found[read] = touched


def settle(
    fragment: np.ndarray, gene: np.ndarray, state: np.ndarray, counts: np.ndarray, *, last: bool
) -> np.ndarray:
    """Count the fragments whose reads are all there.

    Parameters
    ----------
    fragment, gene, state : np.ndarray, shape (n,)
        Of each read: the hash of its name, the gene it touches, its state.
    counts : np.ndarray, int64
        By gene, and behind the genes those without a gene, ambiguous, of low quality and not unique, and one
        more; added to.
    last : bool
        Whether to count the reads whose mate has not come, too.

    Returns
    -------
    np.ndarray, int64
        The reads that wait for their mate.
    """
    order = np.argsort(fragment, kind="stable")
    waiting = np.zeros(len(order), np.bool_)
    _settle(order, fragment, gene, state, counts, waiting, last)
    return np.flatnonzero(waiting)


@njit(cache=True, nogil=True)
def _settle(
    order: np.ndarray,
    fragment: np.ndarray,
    gene: np.ndarray,
    state: np.ndarray,
    counts: np.ndarray,
    waiting: np.ndarray,
    last: bool,
) -> None:
    genes = len(counts) - 5
    at = 0
    while at < len(order):
        row = order[at]
        touched, held = gene[row], state[row]
        at += 1
        if held & PAIRED:
            mates = 0
            while at < len(order) and fragment[order[at]] == fragment[row] and state[order[at]] & PAIRED:
                touched = _joined(touched, gene[order[at]])
                held |= state[order[at]]
                at += 1
                mates += 1
            if not mates and not last:
                waiting[row] = True
                continue
        if held & MULTIPLE:
            counts[genes + 3] += 1
        elif held & LOW:
            counts[genes + 2] += 1
        elif touched == NO_GENE:
            counts[genes] += 1
        elif touched == AMBIGUOUS:
            counts[genes + 1] += 1
        else:
            counts[touched] += 1
