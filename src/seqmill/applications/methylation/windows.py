"""Windows around sites, each read on the strand that carries the base, and what stands there."""

import numpy as np
import numpy.typing as npt

from seqmill.applications.methylation.spec import CONTEXTS, Options
from seqmill.genome.bases import AMBIGUOUS, BASES, reverse_complement
from seqmill.genome.reference import Reference
from seqmill.reads.marks import MARKS

MOST_UNKNOWN = 0.1
"""Share of a window that may be without known bases."""

C, G = BASES.index("C"), BASES.index("G")

Codes = npt.NDArray[np.uint8]


def inside(position: npt.NDArray[np.int64], length: int, options: Options) -> npt.NDArray[np.bool_]:
    """Say whose windows lie on a contig of `length` bases."""
    return (position >= options.half) & (position < length - options.half)


def windows_at(
    reference: Reference,
    contig: str,
    position: npt.NDArray[np.int64],
    strand: npt.NDArray[np.int8],
    options: Options,
) -> Codes:
    """Give the bases around sites.

    Parameters
    ----------
    reference : Reference
        The genome.
    contig : str
        Name of the contig.
    position : int64 array, shape (n,)
        0-based, sorted; every window lies on the contig.
    strand : int8 array, shape (n,)
        1 forward, -1 reverse.
    options : Options
        Width of a window.

    Returns
    -------
    uint8 array, shape (n, window)
        Base codes as the site's strand is read.
    """
    if not len(position):
        return np.zeros((0, options.window), np.uint8)
    first = int(position[0]) - options.half
    codes = reference.codes(contig, first, int(position[-1]) + options.half + 1)
    rows = np.lib.stride_tricks.sliding_window_view(codes, options.window)[position - options.half - first]
    turned = strand < 0
    rows[turned] = reverse_complement(rows[turned])
    return rows


def is_known(windows: Codes) -> npt.NDArray[np.bool_]:
    """Say which windows have known bases enough, bool [n]."""
    return (windows == AMBIGUOUS).mean(axis=1) <= MOST_UNKNOWN


def carries(windows: Codes, options: Options) -> npt.NDArray[np.bool_]:
    """Say which marks the base of each site can carry, bool [n, marks]."""
    wanted = [BASES.index(MARKS[mark].base) for mark in options.marks]
    return site_base(windows)[:, None] == np.array(wanted)


def site_base(windows: Codes) -> Codes:
    """Give the code of the site itself, uint8 [n]."""
    return windows[:, windows.shape[1] // 2]


def contexts_of(windows: Codes) -> npt.NDArray[np.int64]:
    """Give the context of each site: its place in `CONTEXTS`, -1 where the site is no cytosine.

    A base that is not known is none of G, so CHH where nothing else is sure.
    """
    middle = windows.shape[1] // 2
    context = np.full(len(windows), CONTEXTS.index("CHH"))
    if windows.shape[1] > middle + 2:
        context[windows[:, middle + 2] == G] = CONTEXTS.index("CHG")
    context[windows[:, middle + 1] == G] = CONTEXTS.index("CpG")
    context[site_base(windows) != C] = -1
    return context


def in_contexts(windows: Codes, options: Options) -> npt.NDArray[np.bool_]:
    """Say which sites are asked for: cytosines in the contexts of the options, other bases anywhere."""
    wanted = [CONTEXTS.index(name) for name in options.contexts]
    return np.isin(contexts_of(windows), [-1, *wanted])
