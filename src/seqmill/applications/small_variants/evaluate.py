"""From predictions of alleles to genotyped, scored calls."""

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.small_variants.calls import Call
from seqmill.applications.small_variants.callset import CallScorer, CallSet, split_sets
from seqmill.applications.small_variants.genotypes import genotype
from seqmill.applications.small_variants.scored_tables import MIN_QUALITY, by_contig
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant


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
        calls = [
            call for rows in by_contig(table, contigs) for call in genotype(rows, min_quality=MIN_QUALITY)
        ]
        sets.append(
            CallSet(sample=sample, depth=depth, calls=calls, variants=[as_variant(call) for call in calls])
        )
    return CallScorer(job, sets)


def as_variant(call: Call) -> Variant:
    """Give a call as the scorer takes variants of any caller."""
    return Variant(call.contig, call.start, call.ref, call.alts, call.genotype, False, call.quality)
