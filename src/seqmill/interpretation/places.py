"""Windows that stay about places of the genome, whatever varies inside them."""

from collections.abc import Sequence

import numpy as np

from seqmill.genome.reference import Reference
from seqmill.genome.regions import Point, Window, windows_around
from seqmill.interpretation.alleles import Change
from seqmill.interpretation.regions import Regions

OUTSIDE = "outside_regions"


class Places:
    """A window of one length about the middle of each region, found by what it holds.

    Parameters
    ----------
    regions : Regions
        The places; their strand is that of their windows.
    reference : Reference
        The genome.
    length : int
        Bases of a window.

    Attributes
    ----------
    removed : dict
        Regions whose windows cannot be laid, by reason.
    """

    def __init__(self, regions: Regions, reference: Reference, length: int) -> None:
        half = length // 2
        points = [
            Point(one.contig, (one.start + one.end - length) // 2 + half, name=str(number))
            for number, one in enumerate(regions.listed)
        ]
        laid = windows_around(points, reference, upstream=half, downstream=length - half, max_unknown=1.0)
        self.removed = {reason: count for reason, count in laid.removed.items() if count}
        self._windows: dict[str, list[Window]] = {}
        for one in sorted(laid.kept, key=lambda window: window.start):
            region = regions.listed[int(one.name)]
            name = region.name or f"{region.contig}:{region.start}-{region.end}"
            self._windows.setdefault(one.contig, []).append(one._replace(strand=region.strand, name=name))
        self._starts = {
            contig: np.array([one.start for one in found]) for contig, found in self._windows.items()
        }
        self._length = length

    def around(self, change: Change) -> Sequence[Window]:
        """Give the windows that hold all that a change replaces, by their start."""
        if change.contig not in self._windows:
            return ()
        starts = self._starts[change.contig]
        first = np.searchsorted(starts, change.end - self._length)
        last = np.searchsorted(starts, change.start, side="right")
        return self._windows[change.contig][first:last]
