"""Bounds from the reads themselves: how well half of the molecules tells of the other half, and chance."""

from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.ends import Positions, count_ends, open_ends
from seqmill.applications.accessibility.evaluate import (
    BIN,
    BLOCK,
    Said,
    WindowScorer,
    observed_of,
    options_of,
)
from seqmill.applications.accessibility.tiles import cut, stretch
from seqmill.applications.accessibility.windows import Floats, Observed, window_profiles, window_sums
from seqmill.applications.scoring import ScoreJob
from seqmill.shards.order import order_key

REPLICATES = 1000
_SEED = 20_615


def pseudo_replicate(job: ScoreJob) -> WindowScorer:
    """Predict one random half of a sample's molecules by the other half.

    Both ends of a fragment, and fragments of one span, stay together. The further metric ``ceiling.pearson``
    is the correlation with all the ends that a predictor of the true expectation would have: with r between
    the halves the ends of all molecules have the reliability 2r / (1 + r) (Spearman 1910, Brown 1910), and
    the ceiling is its square root. It knows the noise of sampling, not that between cultures or libraries.
    """
    options, observed = options_of(job), observed_of(job)
    first, second = _halves(job, observed)
    observed_half = Observed(first, window_sums(first, options), observed.known)
    counts = window_sums(second, options)
    said = Said(log_counts=np.log1p(counts), profiles=window_profiles(second, options, BIN))
    ceiling = _ceiling(job, observed_half.counts, counts, observed.known)
    return WindowScorer(job, said, observed=observed_half, further=[ceiling])


def shuffled(job: ScoreJob) -> WindowScorer:
    """Predict each window by another one drawn at random, its ends shuffled over its bins: chance alone."""
    options, observed = options_of(job), observed_of(job)
    generator = np.random.Generator(np.random.Philox(_SEED))
    counts = observed.counts.copy()
    counts[observed.known] = generator.permutation(counts[observed.known])
    profiles = window_profiles(observed.ends, options, BIN)
    profiles = generator.permuted(profiles.reshape(-1, profiles.shape[-1]), axis=1).reshape(profiles.shape)
    return WindowScorer(job, Said(log_counts=np.log1p(counts), profiles=profiles))


def _halves(job: ScoreJob, observed: Observed) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count the ends of two halves as `Observed.ends` counts those of all."""
    options = options_of(job)
    halves = [np.zeros_like(observed.ends), np.zeros_like(observed.ends)]
    examples = job.examples
    for (sample, contig), rows in examples.groupby(["sample", "contig"], sort=False).indices.items():
        starts = examples["start"].to_numpy(np.int64)[rows]
        whole = np.arange(starts.min(), starts.max() + 1, options.span)
        first, last = stretch(whole, options)
        with open_ends(job.alignments[sample], job.plan["reference"], options) as reader:
            positions, molecules, _ = reader.ends(contig, first, last)
        chosen = order_key(_SEED, molecules.view(np.uint64)) >> np.uint64(63)
        places = (starts - whole[0]) // options.span
        for half, ends in enumerate(halves):
            ends[rows] = _cut(positions[chosen == half], first, last, job)[places]
    return halves[0], halves[1]


def _cut(positions: Positions, first: int, last: int, job: ScoreJob) -> npt.NDArray[np.int64]:
    options = options_of(job)
    counts = np.minimum(count_ends(positions, first, last), np.iinfo(np.uint8).max).astype(np.uint8)
    reached = slice(options.flank, options.flank + options.span + options.tail)
    return cut(counts, options)[:, reached].astype(np.int64)


def _ceiling(
    job: ScoreJob, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    """Give the ceiling with its interval over blocks, as a row of ``metrics.json``."""
    options = options_of(job)
    rows, at = np.nonzero(known)
    contig = job.examples["contig"].to_numpy()[rows]
    start = job.examples["start"].to_numpy(np.int64)[rows] + at * options.stride
    sample = job.examples["sample"].to_numpy()[rows]
    names = [f"{a}\t{b}\t{c}" for a, b, c in zip(sample, contig, start // BLOCK, strict=True)]
    _, block = np.unique(names, return_inverse=True)
    x, y = (np.log1p(side[known]) for side in (first, second))
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y])
    sums = np.stack([np.bincount(block, term) for term in terms], axis=1)
    drawn = np.random.Generator(np.random.Philox(_SEED)).poisson(1.0, (REPLICATES, len(sums)))
    low, high = np.nanquantile(_best(drawn @ sums), [0.025, 0.975])
    return {
        "metric": "ceiling.pearson.log_count",
        "value": float(_best(sums.sum(axis=0)[None])[0]),
        "low": float(low),
        "high": float(high),
        "n": len(x),
        "primary": False,
    }


def _best(sums: Floats) -> Floats:
    """Give the ceiling from sums of 1, x, y, x², y² and xy, [B, 6]."""
    n, x, y, xx, yy, xy = sums.T
    with np.errstate(invalid="ignore"):  # a replicate may draw no block at all
        r = (xy - x * y / n) / np.sqrt((xx - x * x / n) * (yy - y * y / n))
    return np.sqrt(np.maximum(2 * r / (1 + r), 0.0))
