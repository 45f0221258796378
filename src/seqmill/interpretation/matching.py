"""Which motifs of a database a motif looks like, and how often chance alone would look as alike."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scipy.stats import false_discovery_control

from seqmill.files import atomic_path
from seqmill.genome.motif import Motif

FEWEST_SHARED = 5
"""Positions that an alignment has to share, or all of the narrower motif."""

NULL_PER_MOTIF = 20
"""Shuffled motifs for each motif of the database, in each class of widths."""

_FEWEST_NULL = 5000
_CLASSES = 3
_CHUNK = 4096


@dataclass(frozen=True, kw_only=True)
class Match:
    """A motif of a database beside one that was found.

    Attributes
    ----------
    query, target : str
        Names of the motif found and of the one in the database.
    similarity : float
        Cosine of the two at their best alignment, both as probabilities minus 1/4; what sticks out counts.
    strand : str
        ``-`` where the target was turned.
    offset : int
        Where in the query the target begins.
    p, q : float
        Share of shuffled motifs that are at least as similar; the same after the correction of Benjamini
        and Hochberg over the database.
    """

    query: str
    target: str
    similarity: float
    strand: str
    offset: int
    p: float
    q: float


def match_motifs(
    queries: Sequence[Motif], database: Sequence[Motif], generator: np.random.Generator
) -> list[Match]:
    """Compare every query with every motif of a database; best first for each query.

    The null is empirical: motifs with the widths of the database whose columns are drawn from all its
    columns. A target is held against shuffled motifs of about its width, as narrow ones are alike more
    easily. The idea of columns as the unit of chance is that of Gupta et al., "Quantifying similarity
    between motifs", Genome Biology 8 (2007).
    """
    if not queries or not database:
        return []
    widths = np.array([motif.width for motif in database])
    classes = np.searchsorted(np.quantile(widths, np.arange(1, _CLASSES) / _CLASSES), widths, side="left")
    cosine, offset, turned = _scores(queries, [motif.probabilities for motif in database])
    p = np.ones_like(cosine)
    columns = np.concatenate([motif.probabilities for motif in database])
    number = max(_FEWEST_NULL, NULL_PER_MOTIF * len(database))
    for one in np.unique(classes):
        drawn = generator.choice(widths[classes == one], number)
        null = _scores(queries, [columns[generator.integers(0, len(columns), width)] for width in drawn])[0]
        null.sort(axis=1)
        for row in range(len(queries)):
            higher = number - np.searchsorted(null[row], cosine[row, classes == one], side="left")
            p[row, classes == one] = (1 + higher) / (1 + number)
    found = []
    for row, query in enumerate(queries):
        q = false_discovery_control(p[row])
        for at in np.lexsort((-cosine[row], p[row])):
            found.append(
                Match(
                    query=query.name,
                    target=database[at].name,
                    similarity=float(cosine[row, at]),
                    strand="-" if turned[row, at] else "+",
                    offset=int(offset[row, at]),
                    p=float(p[row, at]),
                    q=float(q[at]),
                )
            )
    return found


def write_matches(path: Path, matches: Sequence[Match], *, most: int = 10) -> None:
    """Write the best `most` matches of each query as a table, atomically."""
    told: dict[str, int] = {}
    with atomic_path(path) as aside, open(aside, "w", newline="") as handle:
        table = csv.writer(handle, delimiter="\t", lineterminator="\n")
        table.writerow(("motif", "target", "similarity", "strand", "offset", "p", "q"))
        for one in matches:
            told[one.query] = told.get(one.query, 0) + 1
            if told[one.query] <= most:
                numbers = (f"{one.similarity:.4f}", one.strand, one.offset, f"{one.p:.3g}", f"{one.q:.3g}")
                table.writerow((one.query, one.target, *numbers))


def _scores(
    queries: Sequence[Motif], targets: Sequence[npt.NDArray[np.float64]]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Give the best cosine of queries to targets [queries, targets], its offset, and which are turned."""
    widest = max(query.width for query in queries)
    strands = [query.probabilities for query in queries] + [query.reversed() for query in queries]
    kernels = _padded(strands, widest)
    lengths = np.array([len(strand) for strand in strands])
    parts = [
        _chunk(kernels, lengths, targets[at : at + _CHUNK], widest) for at in range(0, len(targets), _CHUNK)
    ]
    best, place = (np.concatenate(both, axis=1) for both in zip(*parts, strict=True))
    n = len(queries)
    turned = best[n:] > best[:n]
    width = np.array([len(target) for target in targets])
    # The target is turned rather than the query: where it begins is counted from the query's other end.
    offset = np.where(turned, lengths[:n, None] - width + place[n:], -place[:n])
    return np.maximum(best[:n], best[n:]), offset, turned


def _chunk(
    kernels: npt.NDArray[np.float32],
    lengths: npt.NDArray[np.int64],
    targets: Sequence[npt.NDArray[np.float64]],
    widest: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Give the best cosine of each kernel to each target, and where in the target the kernel begins."""
    width = np.array([len(target) for target in targets])
    held = _padded(targets, int(width.max()))
    norms = np.sqrt((kernels**2).sum((1, 2)))[:, None] * np.sqrt((held**2).sum((1, 2)))[None]
    room = np.pad(held, ((0, 0), (0, 0), (widest - 1, widest - 1)))
    dots = torch.nn.functional.conv1d(torch.from_numpy(room), torch.from_numpy(kernels)).numpy()
    begins = np.arange(dots.shape[2]) - (widest - 1)
    lows = np.maximum(begins, 0)
    highs = np.minimum(begins + lengths[:, None, None], width[None, :, None])
    enough = np.minimum(np.minimum(lengths[:, None, None], width[None, :, None]), FEWEST_SHARED)
    allowed = highs - lows >= enough
    cosine = np.divide(
        dots.transpose(1, 0, 2),
        norms[..., None],
        out=np.zeros_like(dots.transpose(1, 0, 2)),
        where=norms[..., None] > 0,
    )
    cosine = np.where(allowed, cosine, np.float32(-2))
    place = cosine.argmax(axis=2)
    return np.take_along_axis(cosine, place[..., None], axis=2)[..., 0], begins[place]


def _padded(matrices: Sequence[npt.NDArray[np.float64]], width: int) -> npt.NDArray[np.float32]:
    """Give probabilities minus 1/4 as [n, 4, width], zeros behind the end of each."""
    held = np.zeros((len(matrices), 4, width), np.float32)
    for row, matrix in enumerate(matrices):
        held[row, :, : len(matrix)] = matrix.T - 0.25
    return held
