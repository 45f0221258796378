"""From predictions of alleles to genotyped, scored calls."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.small_variants.callset import CallScorer, CallSet, split_sets
from seqmill.applications.small_variants.genotypes import Call, Candidates, genotype
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant

MIN_QUALITY = 0.5
"""Sites of a lower quality (a variant in fewer than one of nine such sites) are written nowhere."""

LOG_PROBABILITIES = [f"log_probability_{copies}" for copies in range(3)]


def evaluate(job: ScoreJob) -> CallScorer:
    """Genotype a model's predictions on a split, ready to be scored.

    Parameters
    ----------
    job : ScoreJob
        With predictions: a row a candidate, and its log-probabilities of 0, 1 and 2 copies.
    """
    with Reference(job.plan["reference"]) as reference:
        contigs = list(reference.contigs)
    tables = dict(iter(job.examples.groupby(["sample", "depth"])))
    sets = []
    for sample, depth in split_sets(job):
        table = tables.get((sample, depth), job.examples.iloc[:0])
        calls = [call for rows in by_contig(table, contigs) for call in genotype(rows, min_quality=MIN_QUALITY)]
        sets.append(CallSet(sample=sample, depth=depth, calls=calls, variants=[as_variant(call) for call in calls]))
    return CallScorer(job, sets)


def by_contig(table: pd.DataFrame, contigs: list[str]) -> Iterator[Candidates]:
    """Give the candidates of one sample and depth contig by contig, in the order of the reference."""
    groups = dict(iter(table.groupby("contig")))
    for contig in contigs:
        if contig in groups:
            yield contig_candidates(contig, groups[contig])


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


def as_variant(call: Call) -> Variant:
    """Give a call as the scorer takes variants of any caller."""
    return Variant(call.contig, call.start, call.ref, call.alts, call.genotype, False, call.quality)
