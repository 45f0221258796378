"""The label of a base: its code, and where sites of a contig lie."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqmill.genome.annotation import SpliceSite

CLASSES = ("none", "donor", "acceptor")
"""Names of the labels by their code. A donor is the first base of an intron, an acceptor its last."""

NONE, DONOR, ACCEPTOR = range(3)
MASKED = 255
"""Code of a base without a label."""

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """What is labelled on one strand of a contig.

    Attributes
    ----------
    genes : list of (int, int)
        Stretches whose bases have a label, 0-based half-open, sorted; they neither overlap nor touch.
    positions : int64 array, shape (n,)
        Bases that are no plain base of a gene, sorted.
    codes : uint8 array, shape (n,)
        Their labels: a site, or `MASKED`.
    """

    genes: list[tuple[int, int]]
    positions: Positions = field(default_factory=lambda: np.zeros(0, np.int64))
    codes: Bytes = field(default_factory=lambda: np.zeros(0, np.uint8))

    def over(self, start: int, end: int) -> Bytes:
        """Give the label of each base of ``[start, end)``, along the forward strand."""
        found = np.full(end - start, MASKED, np.uint8)
        for first, last in self.genes:
            found[max(first - start, 0) : max(last - start, 0)] = NONE
        first, last = np.searchsorted(self.positions, [start, end])
        there = self.positions[first:last] - start
        held = found[there] == NONE
        found[there[held]] = self.codes[first:last][held]
        return found


def place(
    genes: list[tuple[int, int]], certain: Iterable[SpliceSite], doubtful: Iterable[SpliceSite]
) -> Labels:
    """Lay the sites of one strand of a contig into its genes.

    A base that is donor of one intron and acceptor of another is masked, as are doubtful sites, unless they
    are certain as well.
    """
    codes: dict[int, int] = {site.position: MASKED for site in doubtful}
    sites: dict[int, int] = {}
    for site in certain:
        code = CLASSES.index(site.kind)
        sites[site.position] = code if sites.get(site.position, code) == code else MASKED
    codes |= sites
    order = sorted(codes)
    return Labels(genes, np.array(order, np.int64), np.array([codes[at] for at in order], np.uint8))
