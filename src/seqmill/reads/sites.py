"""Modified bases by reference position and strand, summed over reads."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqmill.reads.reader import AlignmentReader
from seqmill.reads.table import EXCLUDED, ReadColumns

UNITS = 512
"""Sums of probabilities are kept as whole numbers of 1 / 512, so that no order of reads changes them."""

_WINDOW = 1 << 20


@dataclass(frozen=True)
class ModifiedSites:
    """Positions of a region where reads tell whether a base is modified; `n` rows, by position.

    Attributes
    ----------
    contig : str
        Where they lie.
    position : np.ndarray, int64, shape (n,)
        0-based.
    strand : np.ndarray, int8, shape (n,)
        Strand that carries the base: 1 forward, -1 reverse.
    coverage : np.ndarray, int32, shape (n,)
        Reads that tell of the base.
    modified : np.ndarray, int32, shape (n,)
        Those of them that hold it modified with at least the threshold's probability.
    probability : np.ndarray, float64, shape (n,)
        Sum of their probabilities; over `coverage` it is the level of modification.
    reads : dict
        How many reads of the region were used, and how many left out, by reason.
    """

    contig: str
    position: np.ndarray
    strand: np.ndarray
    coverage: np.ndarray
    modified: np.ndarray
    probability: np.ndarray
    reads: dict[str, int]

    def __len__(self) -> int:
        return len(self.position)


Adder = Callable[[ReadColumns, int, np.ndarray, np.ndarray], None]
"""Adds what reads tell of a window to its sums, and fills in the fate of each read.

It is given the reads, the start of the window, int64 sums of shape (3, 2, size) (coverage, modified, and
probability in 1 / `UNITS`; by strand, forward first), and int64 fates of shape (n,)."""


def sum_sites(
    reader: AlignmentReader,
    contig: str,
    start: int,
    end: int,
    *,
    add: Adder,
    fates: tuple[str, ...],
    min_mapq: int,
    excluded: int = EXCLUDED,
) -> ModifiedSites:
    """Sum what the reads of a region tell, window by window.

    Parameters
    ----------
    reader : AlignmentReader
        The alignments.
    contig : str
        Name of the contig.
    start, end : int
        The region, 0-based half-open.
    add : Adder
        See there.
    fates : tuple of str
        What the fates of reads are called, by number.
    min_mapq : int
        Reads mapped with less confidence are left out.
    excluded : int
        Reads with any of these SAM flags are left out.
    """
    counts = np.zeros(len(fates), np.int64)
    found = []
    for begin, stop, columns in reader.windows(
        contig, start, end, size=_WINDOW, margin=0, excluded=excluded, min_mapq=min_mapq
    ):
        sums = np.zeros((3, 2, stop - begin), np.int64)
        fate = np.zeros(columns.n, np.int64)
        add(columns, begin, sums, fate)
        fresh = fate if begin == start else fate[columns.start >= begin]
        counts += np.bincount(fresh, minlength=len(fates))
        offset, strand = np.nonzero(sums[0].T)
        found.append((begin + offset, 1 - 2 * strand, *sums[:, strand, offset]))
    position, side, coverage, modified, probability = (
        np.concatenate(column) for column in zip(*found, strict=True)
    )
    return ModifiedSites(
        contig=contig,
        position=position,
        strand=side.astype(np.int8),
        coverage=coverage.astype(np.int32),
        modified=modified.astype(np.int32),
        probability=probability / UNITS,
        reads=dict(zip(fates, counts.tolist(), strict=True)),
    )
