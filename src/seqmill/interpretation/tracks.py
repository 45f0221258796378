"""Contributions and motif instances on the genome, as browsers read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyBigWig

from seqmill.files import atomic_path
from seqmill.interpretation.regions import Windows


@dataclass(frozen=True, order=True, kw_only=True)
class Instance:
    """A motif on the genome, 0-based half-open.

    ``contribution`` is the sum over its bases; ``bits`` its log-odds, and ``p`` the chance of as high ones.
    """

    contig: str
    start: int
    end: int
    motif: str
    strand: str
    bits: float
    p: float
    contribution: float


def write_contributions(
    path: Path, windows: Windows, of_bases: npt.NDArray[np.float32], *, contigs: Mapping[str, int]
) -> None:
    """Write the contribution of each base as bigWig, atomically; where windows overlap, their mean.

    `of_bases`, float32 [n, length], lie as the windows are read, and are turned where that is backward.
    `contigs` is name -> length of all contigs of the reference, in its order.
    """
    of_contig = np.array(windows.contigs)
    along = np.where(windows.backward[:, None], of_bases[:, ::-1], of_bases)
    with atomic_path(path) as aside, pyBigWig.open(str(aside), "w") as track:
        track.addHeader(list(contigs.items()))
        for contig in [one for one in contigs if one in set(windows.contigs)]:
            chosen = of_contig == contig
            places = windows.starts[chosen][:, None] + np.arange(of_bases.shape[1])
            unique, group = np.unique(places.ravel(), return_inverse=True)
            values = np.bincount(group, along[chosen].ravel()) / np.bincount(group)
            track.addEntries(contig, unique.tolist(), values=values.tolist(), span=1)


def write_instances(path: Path, instances: Sequence[Instance]) -> None:
    """Write instances as BED6 with bits, p and contribution behind it, atomically.

    The score, at most 1000, is -10 times the decimal logarithm of p.
    """
    with atomic_path(path) as aside, open(aside, "w") as handle:
        for one in sorted(instances):
            score = min(1000, round(-10 * float(np.log10(one.p))))
            told = f"{one.bits:.2f}\t{one.p:.3g}\t{one.contribution:.5g}"
            handle.write(
                f"{one.contig}\t{one.start}\t{one.end}\t{one.motif}\t{score}\t{one.strand}\t{told}\n"
            )
