"""Base modifications that reads carry in the tags MM and ML (SAM optional fields specification 1.7)."""

import os
import re

import numpy as np

from seqmill.errors import InputError, nearest
from seqmill.reads.marks import MARKS, Mark
from seqmill.reads.modification_calls import FATES, add_calls
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.required import tags_of
from seqmill.reads.sites import ModifiedSites, sum_sites
from seqmill.reads.table import ReadColumns

_ENTRY = re.compile(r"([A-Z])[+-]([a-z]+|\d+)")


def modified_sites(
    reader: AlignmentReader,
    contig: str,
    start: int,
    end: int,
    *,
    mark: str,
    threshold: float = 0.5,
    min_mapq: int = 10,
) -> ModifiedSites:
    """Sum the calls of one modification over the reads of a region.

    A call of quality q in ML has the probability (q + 0.5) / 256. Bases that MM does not list count as not
    modified, unless it says (by ``?``) that nothing is known of them. Reads on which MM and the stored bases
    disagree are left out: tag MN of another length, hard clips without MN, counts beyond the read's end.

    Parameters
    ----------
    reader : AlignmentReader
        The alignments.
    contig : str
        Name of the contig.
    start, end : int
        The region, 0-based half-open.
    mark : str
        One of `MARKS`.
    threshold : float
        Probability from which a call counts as modified.
    min_mapq : int
        Reads mapped with less confidence are left out.

    Returns
    -------
    ModifiedSites
        Its `reads` has the keys of `seqmill.reads.modification_calls.FATES`.

    Raises
    ------
    InputError
        As `AlignmentReader.columns` does; for a mark of another name; for damaged tags.
    """
    wanted = _mark(mark)
    letter = ord(wanted.letter) if wanted.letter else 0
    cut = int(np.ceil(threshold * 256 - 0.5))

    def add(columns: ReadColumns, begin: int, sums: np.ndarray, fate: np.ndarray) -> None:
        add_calls(columns, (letter, wanted.chebi, cut), begin, sums, fate)

    return sum_sites(reader, contig, start, end, add=add, fates=FATES, min_mapq=min_mapq)


def check_modifications(
    alignments: str | os.PathLike[str], mark: str, *, reference: str | os.PathLike[str] | None = None
) -> None:
    """Check, by its first reads, that a file carries a modification.

    Parameters
    ----------
    alignments : path
        BAM or CRAM.
    mark : str
        One of `MARKS`.
    reference : path, optional
        FASTA; needed for CRAM.

    Raises
    ------
    InputError
        When no read has the tag MM, or none lists the mark; for a mark of another name.
    """
    wanted = _mark(mark)
    writes = "reads whose basecaller called modifications (MM and ML kept by the aligner, minimap2 -y)"
    listed: set[str] = set()
    for text in tags_of(alignments, ("MM", "Mm"), wanted=writes, reference=reference):
        for base, codes in _ENTRY.findall(text):
            listed |= {f"{base} {code}" for code in ([codes] if codes.isdecimal() else codes)}
    codes = {wanted.letter, str(wanted.chebi)}
    if not any(entry.split()[1] in codes for entry in listed):
        found = ", ".join(sorted(listed)) or "no modification"
        raise InputError(
            f"{os.fspath(alignments)}: its tags MM list {found}; wanted {mark} (code "
            f"{wanted.letter or wanted.chebi} on {wanted.base}): choose a mark that was called"
        )


def _mark(name: str) -> Mark:
    if name not in MARKS:
        raise InputError(f"mark: found '{name}'{nearest(name, MARKS)}, wanted one of {', '.join(MARKS)}")
    return MARKS[name]
