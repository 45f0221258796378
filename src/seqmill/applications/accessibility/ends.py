"""Ends of reads over a stretch of a contig, shifted to the events that they tell of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.spec import Options
from seqmill.reads.fragment_file import is_fragments, read_fragments
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.table import DUPLICATE, QC_FAIL, SECONDARY, SUPPLEMENTARY, UNMAPPED

REVERSE, PAIRED, MATE_UNMAPPED = 0x10, 0x1, 0x8
_NOT_PRIMARY = UNMAPPED | SECONDARY | SUPPLEMENTARY

Counts = dict[str, int]
Positions = npt.NDArray[np.int64]


class EndReader:
    """Reads of one sample, ready to give their ends.

    Parameters
    ----------
    alignments : Path
        Indexed BAM or CRAM, or staged fragments.
    reference : Path
        FASTA.
    options : Options
        Which reads count, and the shifts.
    """

    def __init__(self, alignments: Path, reference: Path, options: Options) -> None:
        self._path = alignments
        self._options = options
        self._fragments = is_fragments(alignments)
        self._reader = None if self._fragments else AlignmentReader(alignments, reference=reference)

    def close(self) -> None:
        """Close the file."""
        if self._reader is not None:
            self._reader.close()

    def ends(self, contig: str, start: int, end: int) -> tuple[Positions, Positions, Counts]:
        """Give the ends that lie in a stretch.

        Parameters
        ----------
        contig : str
            Name of the contig.
        start, end : int
            The stretch, 0-based half-open.

        Returns
        -------
        positions : int64 array, shape (n,)
            Where the ends are counted, shifted, in ``[start, end)``.
        molecules : int64 array, shape (n,)
            Number that both ends of a fragment share, and its copies; single reads have one of their own.
        counts : dict
            Reason -> ends in the stretch that were left out, and ``counted``. An end left out lies where it
            would have been counted, so stretches that tile a contig add up.
        """
        pad = max(map(abs, self._options.shifts)) + 1
        first, last = max(0, start - pad), end + pad
        if self._fragments:
            positions, molecules, reasons = self._of_fragments(contig, first, last)
        else:
            positions, molecules, reasons = self._of_reads(contig, first, last)
        inside = (positions >= start) & (positions < end)
        positions, molecules, reasons = positions[inside], molecules[inside], reasons[inside]
        found = np.bincount(reasons, minlength=len(_REASONS)).tolist()
        counts = {name: n for name, n in zip(_REASONS, found, strict=True) if n}
        kept = reasons == 0
        return positions[kept], molecules[kept], counts

    def _of_fragments(self, contig: str, first: int, last: int) -> tuple[Positions, Positions, Positions]:
        spans = read_fragments(self._path, contig, first, last)
        forward, reverse = self._options.shifts
        reasons = self._by_length(spans[:, 1] - spans[:, 0])
        if self._options.drop_duplicates and len(spans):
            again = np.append(False, (np.diff(spans, axis=0) == 0).all(axis=1))
            reasons[again] = DUPLICATED
        positions = np.concatenate([spans[:, 0] + forward, spans[:, 1] - 1 + reverse])
        return positions, np.tile(_spanned(spans), 2), np.tile(reasons, 2)

    def _of_reads(self, contig: str, first: int, last: int) -> tuple[Positions, Positions, Positions]:
        assert self._reader is not None
        reads = self._reader.columns(contig, first, last, excluded=_NOT_PRIMARY)
        flag, starts, stops = (column.astype(np.int64) for column in (reads.flag, reads.start, reads.end))
        backward = (flag & REVERSE) > 0
        forward_shift, reverse_shift = self._options.shifts
        positions = np.where(backward, stops - 1 + reverse_shift, starts + forward_shift)
        length = np.abs(reads.insert_size.astype(np.int64))
        together = ((flag & PAIRED) > 0) & ((flag & MATE_UNMAPPED) == 0) & (length > 0)
        reasons = np.where(together, self._by_length(length), 0)
        reasons[reads.mapq < self._options.min_mapping_quality] = LOW_QUALITY
        if self._options.drop_duplicates:
            reasons[(flag & DUPLICATE) > 0] = DUPLICATED
        reasons[(flag & QC_FAIL) > 0] = FAILED
        outer = np.where(backward, stops - length, starts)
        spans = np.stack([outer, outer + length], axis=1)
        molecules = np.where(together, _spanned(spans), -1 - np.arange(len(flag)))
        return positions, molecules, reasons

    def _by_length(self, lengths: Positions) -> Positions:
        reasons = np.zeros(len(lengths), np.int64)
        reasons[lengths < self._options.min_fragment] = TOO_SHORT
        reasons[lengths > self._options.max_fragment] = TOO_LONG
        return reasons


_REASONS = ("counted", "too_short", "too_long", "low_mapping_quality", "duplicate", "failed_quality_control")
_, TOO_SHORT, TOO_LONG, LOW_QUALITY, DUPLICATED, FAILED = range(len(_REASONS))


@contextmanager
def open_ends(alignments: Path, reference: Path, options: Options) -> Iterator[EndReader]:
    """Open the reads of a sample."""
    reader = EndReader(alignments, reference, options)
    try:
        yield reader
    finally:
        reader.close()


def count_ends(positions: Positions, start: int, end: int) -> npt.NDArray[np.int64]:
    """Count ends at each base of ``[start, end)``."""
    return np.bincount(positions - start, minlength=end - start)


def _spanned(spans: Positions) -> Positions:
    """Number fragments by their span; those of one span, likely copies of one, share the number."""
    if not len(spans):
        return np.zeros(0, np.int64)
    return (spans[:, 0] << np.int64(31)) + (spans[:, 1] - spans[:, 0])
