"""Regions of a genome as windows for a model, and how many were left out for which reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.genome.bases import reverse_complement
from seqmill.genome.intervals import read_bed
from seqmill.genome.names import check_names, synonyms
from seqmill.genome.peaks import read_peaks
from seqmill.genome.reference import Reference
from seqmill.genome.regions import PAST_END, UNKNOWN_BASES, UNKNOWN_CONTIG, Point, Window, windows_around
from seqmill.interpretation.sequences import Codes

MOST_UNKNOWN = 0.1
"""Share of a window that may be without known bases."""

NO_STRAND, NOT_DRAWN, LONGER = "without_strand", "not_drawn", "longer_than_window"
_STAY = (LONGER, NO_STRAND)
_REASONS = {
    UNKNOWN_CONTIG: "unknown_contig",
    PAST_END: "over_contig_end",
    UNKNOWN_BASES: "unknown_bases",
}


@dataclass(frozen=True, kw_only=True)
class Regions:
    """Regions to look at, named as the reference names its contigs.

    Attributes
    ----------
    source : str
        Where they come from, for messages.
    listed : sequence of Window
        The regions; their strand is ``+`` or ``-`` where the model reads one strand.
    counts : dict
        Regions that are not among them, or are less than they seem, by reason.
    """

    source: str
    listed: Sequence[Window]
    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Windows of one length.

    Attributes
    ----------
    contigs : list of str
        Contig of each window, as the reference names it.
    starts : int64 array [n]
        Where each begins on the contig, 0-based.
    backward : bool array [n]
        Which of them are read on the reverse strand.
    codes : uint8 array [n, length]
        Their bases, in the direction in which they are read.
    counts : dict
        How many regions were read, used, and left out for which reason.
    """

    contigs: list[str]
    starts: npt.NDArray[np.int64]
    backward: npt.NDArray[np.bool_]
    codes: Codes
    counts: dict[str, int]

    def on_contig(self, row: int, start: int, width: int) -> int:
        """Give where a stretch that begins at `start` of a window begins on the contig, 0-based."""
        if self.backward[row]:
            start = self.codes.shape[1] - start - width
        return int(self.starts[row] + start)


def bed_regions(bed: Path, reference: Reference, *, stranded: bool) -> Regions:
    """Read the regions of a BED file.

    Without strands, regions that overlap or touch are one. With them each line is a region of its own, whose
    strand stands in the sixth column; where there is none it is read forward, and counted.

    Raises
    ------
    InputError
        When the file cannot be read, or shares no contig with the reference.
    """
    if stranded:
        peaks = read_peaks(bed, contigs=reference.contigs, kind="bed")
        lines = dict.fromkeys(
            Window(one.contig, one.start, one.end, one.strand, one.name) for one in peaks.peaks
        )
        return Regions(
            source=str(bed),
            listed=[one._replace(strand="+") if one.strand == "." else one for one in lines],
            counts={
                NO_STRAND: sum(one.strand == "." for one in lines),
                UNKNOWN_CONTIG: sum(peaks.unknown_contig.values()),
            },
        )
    regions = read_bed(bed)
    named = synonyms(regions.contigs, reference.contigs)
    check_names(
        bed, [named.get(one, one) for one in regions.contigs], reference.contigs, reference=reference.path
    )
    listed = [Window(named.get(one.contig, one.contig), one.start, one.end) for one in regions]
    return Regions(source=str(bed), listed=listed, counts={})


def lay_windows(
    regions: Regions, reference: Reference, length: int, *, most: int | None = None, seed: int = 1
) -> Windows:
    """Give a window about the middle of each region, read on the region's strand.

    Of a region longer than the window the ends are not looked at; such regions are counted as
    ``longer_than_window`` and used.

    Parameters
    ----------
    regions : Regions
        What to look at.
    reference : Reference
        The genome.
    length : int
        Bases of a window.
    most : int, optional
        How many windows are used at most; more are drawn from, by `seed`.
    seed : int
        Seed of the draw.

    Raises
    ------
    InputError
        When no region can be used.
    """
    counts = dict.fromkeys(("regions", "used", *_STAY, NOT_DRAWN, *_REASONS.values()), 0)
    counts |= regions.counts
    half = length // 2
    points = [
        Point(one.contig, (one.start + one.end - length) // 2 + half, name=str(number))
        for number, one in enumerate(regions.listed)
    ]
    found = windows_around(
        points, reference, upstream=half, downstream=length - half, max_unknown=MOST_UNKNOWN
    )
    kept = found.kept
    if most is not None and len(kept) > most:
        chosen = np.random.default_rng(seed).choice(len(kept), most, replace=False)
        counts[NOT_DRAWN] = len(kept) - most
        kept = tuple(kept[at] for at in np.sort(chosen))
    asked = [regions.listed[int(one.name)] for one in kept]
    backward = np.array([one.strand == "-" for one in asked], np.bool_)
    counts["regions"] = len(regions.listed) + regions.counts.get(UNKNOWN_CONTIG, 0)
    counts[LONGER] = sum(one.end - one.start > length for one in asked)
    for reason, name in _REASONS.items():
        counts[name] += found.removed[reason]
    counts["used"] = len(kept)
    if not kept:
        reasons = ", ".join(
            f"{name} {count}" for name, count in counts.items() if count and name != "regions"
        )
        raise InputError(
            f"{regions.source}: none of its {counts['regions']} regions can be used ({reasons}); wanted "
            f"regions whose windows of {length} bases lie inside contigs of {reference.path}, on known bases"
        )
    codes = np.stack([reference.codes(one.contig, one.start, one.end) for one in kept])
    codes[backward] = reverse_complement(codes[backward])
    return Windows(
        contigs=[one.contig for one in kept],
        starts=np.array([one.start for one in kept], np.int64),
        backward=backward,
        codes=codes,
        counts=counts,
    )
