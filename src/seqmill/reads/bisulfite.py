"""Methylation that bisulfite reads carry in Bismark's tag XM (Krueger and Andrews 2011)."""

import os

import numpy as np
from numba import njit

from seqmill.errors import InputError, nearest
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.records import find_tag_between
from seqmill.reads.required import tags_of
from seqmill.reads.sites import UNITS, ModifiedSites, sum_sites
from seqmill.reads.table import ReadColumns
from seqmill.reads.words import int32_at

CONTEXTS = {"CpG": "z", "CHG": "x", "CHH": "h"}
"""Contexts of a cytosine -> its letter in XM where it is not methylated; methylated ones have the capital."""

FATES = ("used", "without_tag", "length_differs")
"""What becomes of reads: used; no tag XM; an XM that is not as long as the read."""

_READ = 0b110010011  # the operations M I S = X
_REFERENCE = 0b110001101  # the operations M D N = X
_ALIGNED = 0b110000001  # the operations M = X
_PROPER_PAIR, _REVERSE, _SECOND = 0x2, 0x10, 0x80
_EVERYWHERE = 1 << 40


def methylated_sites(
    reader: AlignmentReader, contig: str, start: int, end: int, *, context: str = "CpG", min_mapq: int = 10
) -> ModifiedSites:
    """Sum the calls of bisulfite reads over a region.

    The strand is that of the tag XG (CT forward, GA reverse), else that of a directional library. Where the
    reads of a proper pair overlap, only the one further right counts, so each fragment tells once of a base.

    Parameters
    ----------
    reader : AlignmentReader
        The alignments.
    contig : str
        Name of the contig.
    start, end : int
        The region, 0-based half-open.
    context : str
        One of `CONTEXTS`.
    min_mapq : int
        Reads mapped with less confidence are left out.

    Returns
    -------
    ModifiedSites
        Each call has probability 0 or 1. Its `reads` has the keys of `FATES`.

    Raises
    ------
    InputError
        As `AlignmentReader.columns` does; for a context of another name.
    """
    if context not in CONTEXTS:
        raise InputError(
            f"context: found '{context}'{nearest(context, CONTEXTS)}, wanted one of {', '.join(CONTEXTS)}"
        )
    letter = ord(CONTEXTS[context])

    def add(columns: ReadColumns, begin: int, sums: np.ndarray, fate: np.ndarray) -> None:
        _add_calls(columns, letter, begin, sums, fate)

    return sum_sites(reader, contig, start, end, add=add, fates=FATES, min_mapq=min_mapq)


def check_bisulfite(
    alignments: str | os.PathLike[str], *, reference: str | os.PathLike[str] | None = None
) -> None:
    """Check, by its first reads, that a file carries methylation calls.

    Raises
    ------
    InputError
        When no read has the tag XM of Bismark.
    """
    wanted = "alignments of Bismark, whose reads carry their calls"
    for text in tags_of(alignments, ("XM",), wanted=wanted, reference=reference):
        if not text.isdecimal():  # bwa counts mismatches under the same name
            return
    raise InputError(f"{os.fspath(alignments)}: found numbers in the tag XM; wanted {wanted}")


@njit(cache=True, nogil=True)
def _add_calls(columns: ReadColumns, letter: int, begin: int, sums: np.ndarray, fate: np.ndarray) -> None:
    """Add the calls of one context to the sums of a window, and fill in the fate of each read."""
    buffer, size = columns.buffer, sums.shape[2]
    for row in range(len(fate)):
        tags = columns.qualities_at[row] + columns.length[row]
        behind = tags + columns.tags_length[row]
        text = find_tag_between(buffer, tags, behind, 88, 77)  # XM
        if text < 0 or buffer[text] != 90:
            fate[row] = 1
            continue
        calls, length = text + 1, 0
        while buffer[calls + length]:
            length += 1
        if length != columns.length[row]:
            fate[row] = 2
            continue
        flag = columns.flag[row]
        strand = 1 if ((flag & _REVERSE) != 0) != ((flag & _SECOND) != 0) else 0
        genome = find_tag_between(buffer, tags, behind, 88, 71)  # XG
        if genome >= 0 and buffer[genome] == 90:
            strand = 1 if buffer[genome + 1] == 71 else 0
        limit = np.int64(_EVERYWHERE)
        if flag & _PROPER_PAIR and columns.insert_size[row] > 0:
            limit = int32_at(buffer, columns.name_at[row] - 8)  # where the mate begins
        position, on = np.int64(columns.start[row]) - begin, np.int64(0)
        for k in range(columns.cigar_length[row]):
            word = int32_at(buffer, columns.cigar_at[row] + 4 * k) & 0xFFFFFFFF
            count, operation = word >> 4, word & 15
            if _ALIGNED >> operation & 1:
                for j in range(max(0, -position), min(count, min(size, limit - begin) - position)):
                    call = buffer[calls + on + j]
                    if call | 32 == letter:
                        at, methylated = position + j, call & 32 == 0
                        sums[0, strand, at] += 1
                        sums[1, strand, at] += methylated
                        sums[2, strand, at] += UNITS * methylated
            on += count * (_READ >> operation & 1)
            position += count * (_REFERENCE >> operation & 1)
