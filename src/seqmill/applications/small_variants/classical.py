"""Classical callers on the very reads and items of the models."""

from collections.abc import Callable
from pathlib import Path

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.small_variants.baselines import call_bcftools, call_freebayes
from seqmill.applications.small_variants.callset import CallScorer, CallSet, scored_regions, split_sets
from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import read_vcf
from seqmill.progress import progress
from seqmill.reads.depths import FULL, keep_fraction
from seqmill.reads.subsample import subsample_bam

MARGIN = 1000
"""Bases around the scored regions that a caller sees too, as the models do."""

Caller = Callable[..., None]


def bcftools(job: ScoreJob) -> CallScorer:
    """Call a split with ``bcftools mpileup`` and ``bcftools call``; see `classical`."""
    return classical(job, call_bcftools)


def freebayes(job: ScoreJob) -> CallScorer:
    """Call a split with ``freebayes``; see `classical`."""
    return classical(job, call_freebayes)


def classical(job: ScoreJob, caller: Caller) -> CallScorer:
    """Call every sample and depth of a split, unfiltered, ready to be scored.

    Reads are thinned to a nominal depth by the rule and the seed of the examples, so that the caller sees
    the pairs that the models saw.

    Parameters
    ----------
    job : ScoreJob
        With alignments of each sample, and a scratch folder.
    caller : callable
        (alignments, reference, regions, output, threads=) writes an indexed VCF.

    Raises
    ------
    InputError
        When the caller is not installed, or a sample has no read report beside its alignments.
    """
    reference = Path(job.plan["reference"])
    sets = []
    for sample, depth in progress(split_sets(job), desc=f"call {job.split}", unit="sample"):
        reads = _at_depth(job, sample, depth)
        regions = _around(scored_regions(job, sample), reference)
        output = job.scratch / f"{sample}.{depth}.vcf.gz"
        caller(reads, reference, regions, output, threads=job.threads)
        variants = read_vcf(output)
        sets.append(CallSet(sample=sample, depth=depth, variants=variants))
    return CallScorer(job, sets)


def _at_depth(job: ScoreJob, sample: str, depth: str) -> Path:
    alignments = Path(job.alignments[sample])
    if depth == FULL:
        return alignments
    report = alignments.with_suffix(".report.json")
    if not report.is_file():
        raise InputError(
            f"{report}: no read report beside {alignments.name}; stage the sample with 'seqmill reads'"
        )
    fraction = keep_fraction(depth, float(read_json(report, "mean_depth")["mean_depth"]), sample)
    thinned = job.scratch / f"{sample}.{depth}.bam"
    subsample_bam(alignments, thinned, fraction, int(job.plan["seed"]))
    return thinned


def _around(regions: Regions, path: Path) -> Regions:
    """Widen regions by a margin, inside their contigs."""
    with Reference(path) as reference:
        return Regions(
            Interval(
                part.contig,
                max(0, part.start - MARGIN),
                min(reference.contigs[part.contig], part.end + MARGIN),
            )
            for part in regions
        )
