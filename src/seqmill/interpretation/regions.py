"""Regions of a genome as windows for a model, and how many were left out for which reason."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.genome.intervals import read_bed
from seqmill.genome.names import check_names, synonyms
from seqmill.genome.reference import Reference
from seqmill.genome.regions import PAST_END, UNKNOWN_BASES, UNKNOWN_CONTIG, Point, windows_around
from seqmill.interpretation.sequences import Codes

MOST_UNKNOWN = 0.1
"""Share of a window that may be without known bases."""

_REASONS = {
    UNKNOWN_CONTIG: "unknown_contig",
    PAST_END: "over_contig_end",
    UNKNOWN_BASES: "unknown_bases",
}


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Windows of one length.

    Attributes
    ----------
    contigs : list of str
        Contig of each window, as the reference names it.
    starts : int64 array [n]
        Where each begins, 0-based.
    codes : uint8 array [n, length]
        Their bases.
    counts : dict
        How many regions were read, used, and left out for which reason.
    """

    contigs: list[str]
    starts: npt.NDArray[np.int64]
    codes: Codes
    counts: dict[str, int]


def read_windows(bed: Path, reference: Reference, length: int) -> Windows:
    """Give a window about the middle of each region of a BED file.

    Regions that overlap or touch are one. Of a region longer than the window the ends are not looked at;
    such regions are counted as ``longer_than_window`` and used.

    Raises
    ------
    InputError
        When the BED file cannot be read, shares no contig with the reference, or no region can be used.
    """
    regions = read_bed(bed)
    named = synonyms(regions.contigs, reference.contigs)
    check_names(
        bed, [named.get(one, one) for one in regions.contigs], reference.contigs, reference=reference.path
    )
    counts = dict.fromkeys(("regions", "used", "longer_than_window", *_REASONS.values()), 0)
    listed = list(regions)
    half = length // 2
    points = [
        Point(contig, (one.start + one.end - length) // 2 + half, name=str(number))
        for number, one in enumerate(listed)
        for contig in [named.get(one.contig, one.contig)]
    ]
    found = windows_around(
        points, reference, upstream=half, downstream=length - half, max_unknown=MOST_UNKNOWN
    )
    windows = [reference.codes(one.contig, one.start, one.end) for one in found.kept]
    counts["regions"] = len(listed)
    counts["longer_than_window"] = sum(len(listed[int(one.name)]) > length for one in found.kept)
    for reason, name in _REASONS.items():
        counts[name] = found.removed[reason]
    counts["used"] = len(windows)
    if not windows:
        reasons = ", ".join(
            f"{name} {count}" for name, count in counts.items() if count and name != "regions"
        )
        raise InputError(
            f"{bed}: none of its {counts['regions']} regions can be used ({reasons}); wanted regions whose "
            f"windows of {length} bases lie inside contigs of {reference.path} and are of known bases"
        )
    return Windows(
        contigs=[one.contig for one in found.kept],
        starts=np.array([one.start for one in found.kept], np.int64),
        codes=np.stack(windows),
        counts=counts,
    )
