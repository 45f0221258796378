"""Levels of modification from reads, for several marks at once."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.applications.methylation.spec import Options
from seqmill.reads.bisulfite import check_bisulfite, methylated_sites
from seqmill.reads.modifications import check_modifications, modified_sites
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.sites import ModifiedSites


@dataclass(frozen=True, kw_only=True)
class Levels:
    """What reads tell of n sites of a contig, sorted by position and strand.

    Attributes
    ----------
    position : int64 array, shape (n,)
        0-based.
    strand : int8 array, shape (n,)
        Strand that carries the base: 1 forward, -1 reverse.
    level : float32 array, shape (n, marks)
        Share that is modified, in [0, 1]; 0 where the coverage is 0.
    coverage : int32 array, shape (n, marks)
        Calls.
    reads : dict
        What became of the reads, by mark and fate.
    """

    position: npt.NDArray[np.int64]
    strand: npt.NDArray[np.int8]
    level: npt.NDArray[np.float32]
    coverage: npt.NDArray[np.int32]
    reads: dict[str, int]


class LevelReader:
    """The reads of one sample, ready to give levels.

    Parameters
    ----------
    alignments, reference : Path
        Indexed BAM or CRAM, and the FASTA it was aligned to.
    options : Options
        Marks, labels and which reads count.

    Raises
    ------
    InputError
        When the reads carry none of the tags, or a mark that none of them lists.
    """

    def __init__(self, alignments: Path, reference: Path, options: Options) -> None:
        if options.source == "bisulfite":
            check_bisulfite(alignments, reference=reference)
        else:
            for mark in options.marks:
                check_modifications(alignments, mark, reference=reference)
        self._options = options
        self._reader = AlignmentReader(alignments, reference=reference)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def levels(self, contig: str, start: int, end: int) -> Levels:
        """Sum the calls over ``[start, end)`` of a contig; none where the file lacks the contig."""
        columns = self._summed(contig, start, end) if contig in self._reader.contigs else []
        keys = np.unique(np.concatenate([np.zeros(0, np.int64), *(_keys(found) for _, found in columns)]))
        shape = len(keys), len(self._options.marks)
        coverage, modified = np.zeros(shape, np.int32), np.zeros(shape)
        reads: dict[str, int] = {}
        counts_calls = self._options.labels == "calls"
        for mark, found in columns:
            at = np.searchsorted(keys, _keys(found))
            column = self._options.marks.index(mark)
            coverage[at, column] += found.coverage
            modified[at, column] += found.modified if counts_calls else found.probability
            reads |= {f"reads.{fate}.{mark}": n for fate, n in found.reads.items() if n}
        return Levels(
            position=keys >> 1,
            strand=(1 - 2 * (keys & 1)).astype(np.int8),
            level=(modified / np.maximum(coverage, 1)).astype(np.float32),
            coverage=coverage,
            reads=reads,
        )

    def _summed(self, contig: str, start: int, end: int) -> list[tuple[str, ModifiedSites]]:
        """Give mark and sums; bisulfite has sums for each context."""
        options, lowest = self._options, self._options.min_mapping_quality
        if options.source == "bisulfite":
            return [
                ("5mC", methylated_sites(self._reader, contig, start, end, context=name, min_mapq=lowest))
                for name in options.contexts
            ]
        return [
            (
                mark,
                modified_sites(
                    self._reader,
                    contig,
                    start,
                    end,
                    mark=mark,
                    threshold=options.threshold,
                    min_mapq=lowest,
                ),
            )
            for mark in options.marks
        ]


def open_levels(alignments: Path, reference: Path, options: Options) -> closing[LevelReader]:
    """Open the reads of a sample for the length of a ``with`` block."""
    return closing(LevelReader(alignments, reference, options))


def _keys(sites: ModifiedSites) -> npt.NDArray[np.int64]:
    """Give a number for position and strand, which sorts as they do."""
    return (sites.position << 1) | (sites.strand < 0)
