"""Contributions and motif instances on the genome, as browsers read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

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


def write_bedgraph(path: Path, windows: Windows, of_bases: npt.NDArray[np.float32]) -> None:
    """Write the contribution of each base, atomically; where windows overlap, their mean."""
    of_contig = np.array(windows.contigs)
    with atomic_path(path) as aside, open(aside, "w") as handle:
        for contig in dict.fromkeys(windows.contigs):
            chosen = of_contig == contig
            places = windows.starts[chosen][:, None] + np.arange(of_bases.shape[1])
            unique, group = np.unique(places.ravel(), return_inverse=True)
            values = np.bincount(group, of_bases[chosen].ravel()) / np.bincount(group)
            handle.writelines(
                f"{contig}\t{place}\t{place + 1}\t{value:.5g}\n"
                for place, value in zip(unique.tolist(), values.tolist(), strict=True)
            )


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
