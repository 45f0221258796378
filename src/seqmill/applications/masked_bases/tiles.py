"""Regions of a genome cut into examples."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.applications.masked_bases.spec import Options
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.intervals import Interval, Regions

KNOWN_SHARE = 0.5
"""An example of which a smaller share is known is left out."""


class Tiles(NamedTuple):
    """Examples that begin in an interval.

    Attributes
    ----------
    starts : int64 array [n]
        First base of each span, 0-based.
    rest : int
        Bases of the interval that are in no span: what is left of a region behind its last one.
    """

    starts: npt.NDArray[np.int64]
    rest: int


def tiles_in(regions: Regions, interval: Interval, options: Options) -> Tiles:
    """Cut regions into spans from their beginnings on; each belongs to the interval that it begins in.

    Parameters
    ----------
    regions : Regions
        All regions of the interval's contig.
    interval : Interval
        0-based half-open.
    options : Options
        With the bases of a span.
    """
    starts, rest = [], 0
    for first, last in zip(regions.starts(interval.contig), regions.ends(interval.contig), strict=True):
        begun = np.arange(first, last - options.span + 1, options.span, dtype=np.int64)
        starts.append(begun[(begun >= interval.start) & (begun < interval.end)])
        left = last - (last - first) % options.span
        if interval.start <= left < interval.end:
            rest += int(last - left)
    return Tiles(np.concatenate([np.zeros(0, np.int64), *starts]), rest)


def enough_known(codes: npt.NDArray[np.uint8], options: Options) -> npt.NDArray[np.bool_]:
    """Say which examples, uint8 [n, width], have enough known bases in their span."""
    inner = codes[:, options.flank : options.flank + options.span]
    return (inner != AMBIGUOUS).mean(axis=1) >= KNOWN_SHARE
