"""Tables of scored candidates, and the candidates of one contig out of them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seqmill.applications.small_variants.calls import Candidates

MIN_QUALITY = 0.5
"""Sites of a lower quality (a variant in fewer than one of nine such sites) are written nowhere."""

_SUPPORT, _SHARE = 3, 0.25

LOG_PROBABILITIES = [f"log_probability_{copies}" for copies in range(3)]


def by_contig(table: pd.DataFrame, contigs: list[str]) -> Iterator[Candidates]:
    """Give the candidates of one sample and depth contig by contig, in the order of the reference."""
    groups = dict(iter(table.groupby("contig")))
    for contig in contigs:
        if contig in groups:
            yield contig_candidates(contig, groups[contig])


def supported_reads(reads: np.ndarray, support: np.ndarray) -> np.ndarray:
    """Give the reads over the candidates that look like variants: the measure of a sample's coverage.

    Only candidates with three reads and a quarter of all reads count. Others crowd where coverage is low,
    since a single read makes a candidate there, and would draw a median down.

    Parameters
    ----------
    reads, support : np.ndarray
        int [n], reads over each candidate and reads with its allele.
    """
    return reads[(support >= _SUPPORT) & (support >= _SHARE * reads)]


def contig_candidates(contig: str, table: pd.DataFrame) -> Candidates:
    """Give the scored candidates of one contig in order.

    Parameters
    ----------
    contig : str
        Name of the contig.
    table : DataFrame
        ``start``, ``ref``, ``alt``, ``reads``, ``support`` and ``log_probability_0`` to ``_2``, in any order.
    """
    rows = table.sort_values(["start", "ref", "alt"], kind="stable")
    return Candidates(
        contig=contig,
        start=rows["start"].to_numpy(np.int64),
        ref=rows["ref"].tolist(),
        alt=rows["alt"].tolist(),
        reads=rows["reads"].to_numpy(np.int64),
        support=rows["support"].to_numpy(np.int64),
        log_probabilities=rows[LOG_PROBABILITIES].to_numpy(np.float64),
    )
