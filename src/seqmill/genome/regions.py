"""Windows of one size around points of the genome, and the filters that take some away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.intervals import Regions
from seqmill.genome.reference import Reference

UNKNOWN_CONTIG, PAST_END, MASKED, UNKNOWN_BASES = "unknown_contig", "past_end", "masked", "unknown_bases"
"""Why a window is removed: the reference lacks its contig; it leaves the contig; it overlaps a mask; too many
of its bases are none of ACGT."""

_UNKNOWN = 4


class Point(NamedTuple):
    """A position, 0-based, with the strand that gives it a direction (``+``, ``-`` or ``.``), and a name."""

    contig: str
    position: int
    strand: str = "."
    name: str = ""


class Window(NamedTuple):
    """A stretch of a contig, 0-based half-open, around a point."""

    contig: str
    start: int
    end: int
    strand: str = "."
    name: str = ""


@dataclass(frozen=True)
class Windows:
    """Windows that were kept, and how many were removed.

    Attributes
    ----------
    kept : tuple of Window
        In the order of their points.
    removed : dict
        Reason -> windows; each is counted for the first reason that holds, in this order.
    """

    kept: tuple[Window, ...]
    removed: dict[str, int] = field(default_factory=dict)


def windows_around(
    points: Iterable[Point],
    reference: Reference,
    *,
    upstream: int,
    downstream: int,
    max_unknown: float = 0.0,
    masks: Sequence[Regions] = (),
) -> Windows:
    """Give the window around each point that lies on the reference and passes the filters.

    Parameters
    ----------
    points : iterable of Point
        Named as the reference names its contigs.
    reference : Reference
        The genome.
    upstream, downstream : int
        Bases before the point, and from it on, as its strand runs; without a strand as on the forward strand.
    max_unknown : float
        Largest share of bases other than ACGT.
    masks : sequence of Regions
        A window that overlaps one is removed.

    Raises
    ------
    InputError
        When a window would be empty.
    """
    if upstream + downstream < 1:
        raise InputError(
            f"window: found {upstream} bases upstream and {downstream} downstream, wanted at least one in all"
        )
    removed = dict.fromkeys((UNKNOWN_CONTIG, PAST_END, MASKED, UNKNOWN_BASES), 0)
    kept = []
    for point in points:
        start = point.position - upstream
        if point.strand == "-":
            start = point.position + 1 - downstream
        window = Window(point.contig, start, start + upstream + downstream, point.strand, point.name)
        reason = _reason(window, reference, max_unknown, masks)
        if reason is None:
            kept.append(window)
        else:
            removed[reason] += 1
    return Windows(tuple(kept), removed)


def _reason(window: Window, reference: Reference, max_unknown: float, masks: Sequence[Regions]) -> str | None:
    """Say why a window is removed, if it is."""
    contig, start, end = window[:3]
    if contig not in reference.contigs:
        return UNKNOWN_CONTIG
    if start < 0 or end > reference.contigs[contig]:
        return PAST_END
    if any(mask.overlaps(contig, start, end) for mask in masks):
        return MASKED
    unknown = int(np.count_nonzero(reference.codes(contig, start, end) == _UNKNOWN))
    return UNKNOWN_BASES if unknown > max_unknown * (end - start) else None
