"""Splice junctions of RNA reads: the skipped stretches of their alignments, counted by fragment."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.genome.annotation import Intron
from seqmill.genome.names import synonym
from seqmill.genome.reference import Reference
from seqmill.genome.splice_motifs import motif_strands, splice_motifs
from seqmill.reads.hits import UNIQUE_MAPQ, hits
from seqmill.reads.library import check_library, library_strands
from seqmill.reads.names import hash_names
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.skips import Skips, find_skips, spliced, tag_strands
from seqmill.reads.table import QC_FAIL, SECONDARY, SUPPLEMENTARY, UNMAPPED, ReadColumns

_WINDOW = 1 << 20
_DROPPED = ("short_intron", "long_intron", "short_anchor", "few_fragments")


@dataclass(frozen=True)
class Junctions:
    """Introns that reads show; `n` rows, sorted by contig, start and end.

    Attributes
    ----------
    contigs : tuple of str
        The contigs that were read.
    contig : np.ndarray, int32, shape (n,)
        Place of each junction's contig among them.
    start, end : np.ndarray, int64, shape (n,)
        The intron, 0-based half-open.
    strand : np.ndarray, int8, shape (n,)
        1 forward, -1 reverse, 0 not known.
    motif : np.ndarray, uint8, shape (n,)
        Places in `seqmill.genome.splice_motifs.MOTIFS`; 0 without a reference.
    unique, multiple : np.ndarray, int64, shape (n,)
        Fragments that cross it and align to one place, and to several.
    overhang : np.ndarray, int32, shape (n,)
        The most aligned bases that one read has on both sides.
    dropped : dict
        How many skipped stretches were too short, too long or lacked an anchor, counted by read, and how many
        junctions had too few unique fragments.
    """

    contigs: tuple[str, ...]
    contig: np.ndarray
    start: np.ndarray
    end: np.ndarray
    strand: np.ndarray
    motif: np.ndarray
    unique: np.ndarray
    multiple: np.ndarray
    overhang: np.ndarray
    dropped: dict[str, int]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def introns(self) -> tuple[Intron, ...]:
        """The junctions whose strand is known, for `seqmill.genome.annotation.splice_sites`."""
        rows = zip(self.contig, self.start, self.end, self.strand, strict=True)
        return tuple(
            Intron(self.contigs[contig], int(start), int(end), "+" if strand > 0 else "-")
            for contig, start, end, strand in rows
            if strand
        )


def find_junctions(
    alignments: str | os.PathLike[str],
    *,
    reference: Reference | None = None,
    contigs: Sequence[str] | None = None,
    library: str | None = None,
    anchor: int = 8,
    min_intron: int = 20,
    max_intron: int = 500_000,
    min_unique: int = 1,
    excluded: int = UNMAPPED | QC_FAIL | SUPPLEMENTARY,
) -> Junctions:
    """Find the junctions that the reads of an alignment file cross.

    A fragment counts once for a junction, though both of its reads cross it. A read aligns to one place if
    its tag NH says 1, or, without that tag, it is primary and its mapping quality at least `UNIQUE_MAPQ`.

    The strand is that of most reads by the library, where one is given, else by their tags XS (of the genome)
    or ts (of the read); where they tell none, or as much of both, it is that of the motif.

    Parameters
    ----------
    alignments : path
        BAM or CRAM of a spliced aligner, with its index.
    reference : Reference, optional
        Gives the motifs; needed for CRAM.
    contigs : sequence of str, optional
        Those to read; all without it.
    library : str, optional
        One of `seqmill.reads.library.LIBRARIES`; ``unstranded`` and None go by tags.
    anchor : int
        Aligned bases that a read must have on both sides, up to its next junction.
    min_intron, max_intron : int
        Bases of the skipped stretch, both included.
    min_unique : int
        Junctions with fewer unique fragments are dropped.
    excluded : int
        Reads with any of these SAM flags are left out. Duplicates count: in RNA a deep transcript has many.

    Raises
    ------
    InputError
        As `AlignmentReader` does; for a library of another name; for a contig that the reference lacks.
    """
    check_library(library)
    dropped = dict.fromkeys(_DROPPED, 0)
    found = []
    with AlignmentReader(alignments, reference=reference and reference.path) as reader:
        names = tuple(reader.contigs if contigs is None else contigs)
        for number, name in enumerate(names):
            crossings = []
            windows = reader.windows(
                name, 0, reader.contigs.get(name, 1), size=_WINDOW, margin=0, excluded=excluded
            )
            for start, _, columns in windows:
                kept = columns.select(spliced(columns) & (columns.start >= start))
                skips = find_skips(kept, min_intron, max_intron, anchor)
                for key in _DROPPED[:3]:
                    dropped[key] += getattr(skips, key)
                crossings.append(_crossings(kept, skips, library))
            table = _counted(*(np.concatenate(column) for column in zip(*crossings, strict=True)))
            enough = table["unique"] >= min_unique
            dropped["few_fragments"] += int((~enough).sum())
            table = {key: column[enough] for key, column in table.items()}
            found.append(_stranded(table, name, number, reference))
    columns = {key: np.concatenate([table[key] for table in found]) for key in found[0]}
    return Junctions(contigs=names, dropped=dropped, **columns)


def _crossings(columns: ReadColumns, skips: Skips, library: str | None) -> tuple[np.ndarray, ...]:
    """Give start, end, overhang, fragment, uniqueness and vote for the strand of each crossing of a read."""
    places = hits(columns)
    primary = (columns.flag & SECONDARY) == 0
    unique = np.where(places > 0, places == 1, primary & (columns.mapq >= UNIQUE_MAPQ))
    votes = (
        library_strands(columns.flag, library) if library in ("forward", "reverse") else tag_strands(columns)
    )
    fragments = hash_names(columns.buffer, columns.name_at, columns.name_length, 0)
    rows = skips.row
    return skips.start, skips.end, skips.overhang, fragments[rows], unique[rows], votes[rows]


def _counted(
    start: np.ndarray,
    end: np.ndarray,
    overhang: np.ndarray,
    fragment: np.ndarray,
    unique: np.ndarray,
    votes: np.ndarray,
) -> dict[str, np.ndarray]:
    """Count the fragments of each junction of one contig."""
    order = np.lexsort((~unique, fragment, end, start))
    start, end, overhang, fragment, unique, votes = (
        column[order] for column in (start, end, overhang, fragment, unique, votes)
    )
    opens = _changes(start, end)
    first = opens | _changes(fragment)
    at = np.flatnonzero(opens)
    return {
        "start": start[at].astype(np.int64),
        "end": end[at].astype(np.int64),
        "unique": _sums(first & unique, at),
        "multiple": _sums(first & ~unique, at),
        "overhang": np.maximum.reduceat(overhang, at) if len(at) else overhang,
        "strand": np.sign(_sums(votes, at)).astype(np.int8),
    }


def _changes(*columns: np.ndarray) -> np.ndarray:
    """Say where a row differs from the one before it; the first does."""
    changed = np.ones(len(columns[0]), bool)
    changed[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return changed


def _sums(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values.astype(np.int64), at) if len(at) else np.zeros(0, np.int64)


def _stranded(
    table: dict[str, np.ndarray], contig: str, number: int, reference: Reference | None
) -> dict[str, np.ndarray]:
    """Add contig and motif, and the strand of the motif where reads tell none."""
    motif = np.zeros(len(table["start"]), np.uint8)
    if reference is not None and len(motif):
        name = synonym(contig, reference.contigs) or contig
        motif = splice_motifs(reference, name, table["start"], table["end"])
    strand = np.where(table["strand"] == 0, motif_strands(motif), table["strand"])
    return {**table, "contig": np.full(len(motif), number, np.int32), "motif": motif, "strand": strand}
