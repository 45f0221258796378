"""Alignments of a region as columns: one pass over the decoded BAM records, no object for each read."""

import os

from seqmill.reads.reader import AlignmentReader
from seqmill.reads.table import EXCLUDED, ReadColumns
from seqmill.reads.words import int32_at as int32_at


def read_columns(
    alignments: str | os.PathLike[str],
    contig: str,
    start: int,
    end: int,
    *,
    reference: str | os.PathLike[str] | None = None,
    excluded: int = EXCLUDED,
    min_mapq: int = 0,
) -> ReadColumns:
    """Decode the reads that overlap a region into columns.

    Parameters
    ----------
    alignments : path
        BAM or CRAM with its index.
    contig : str
        Name of the contig.
    start, end : int
        The region, 0-based half-open.
    reference : path, optional
        FASTA; needed for CRAM.
    excluded : int
        Reads with any of these SAM flags are left out.
    min_mapq : int
        Reads mapped with less confidence are left out.

    Raises
    ------
    InputError
        When the file cannot be read over the region: see `AlignmentReader`.
    """
    with AlignmentReader(alignments, reference=reference) as reader:
        return reader.columns(contig, start, end, excluded=excluded, min_mapq=min_mapq)
