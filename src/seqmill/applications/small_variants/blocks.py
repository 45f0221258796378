"""Stretches without a variant: those the reads show to be like the reference, and those nobody can tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.applications.small_variants.calls import LIKELIHOOD_CAP, PHRED_CAP, Call, Candidates, phred
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference

BANDS = (10, 20, 30, 50)
"""Genotype qualities at which a new block begins; below the first there is no call."""

_HETEROZYGOTE = 10 * np.log10(2.0)
_HOMOZYGOTE = 20.0


@dataclass(frozen=True, kw_only=True)
class Block:
    """Neighbouring positions without a variant whose genotype qualities fall in one band.

    Attributes
    ----------
    contig, start, end
        The positions, 0-based half-open.
    ref : str
        Reference base at `start`.
    called : bool
        Whether the reads suffice for ``0/0``; else the genotype is ``./.``.
    genotype_quality, min_depth : int
        The lowest GQ and the fewest reads of any position.
    """

    contig: str
    start: int
    end: int
    ref: str
    called: bool
    genotype_quality: int
    min_depth: int

    @property
    def likelihoods(self) -> tuple[int, int, int]:
        """PL of 0/0, 0/alt and alt/alt for an allele nobody saw; the middle one is GQ."""
        homozygote = max(self.genotype_quality, round(self.min_depth * _HOMOZYGOTE))
        return 0, self.genotype_quality, min(homozygote, LIKELIHOOD_CAP)


def coverage(starts: np.ndarray, ends: np.ndarray, interval: Interval) -> np.ndarray:
    """Count the reads over each base.

    Parameters
    ----------
    starts, ends : np.ndarray
        int [n], reference spans of the reads, 0-based half-open.
    interval : Interval
        Where to count.

    Returns
    -------
    np.ndarray
        int64 [len(interval)].
    """
    steps = np.zeros(len(interval) + 1, dtype=np.int64)
    np.add.at(steps, np.clip(starts - interval.start, 0, len(interval)), 1)
    np.add.at(steps, np.clip(ends - interval.start, 0, len(interval)), -1)
    return np.cumsum(steps[:-1])


def reference_quality(depth: np.ndarray, candidates: Candidates, interval: Interval) -> np.ndarray:
    """Give the quality of ``0/0`` at each base.

    Where no candidate lies it is what the depth supports: the reads show the reference, and each would do so
    by chance in half of the cases were there a heterozygous variant, so a read is worth 10 log10(2). Where a
    candidate lies it is no better than the model's own confidence that the allele is absent.

    Returns
    -------
    np.ndarray
        int64 [len(interval)], at most 99.
    """
    quality = np.minimum(depth * _HETEROZYGOTE, PHRED_CAP)
    present = np.maximum(-np.expm1(candidates.log_probabilities[:, 0]), 1e-300)
    confidence = phred(np.log(present))
    for start, ref, limit in zip(candidates.start, candidates.ref, confidence, strict=True):
        span = slice(max(int(start) - interval.start, 0), max(int(start) + len(ref) - interval.start, 0))
        quality[span] = np.minimum(quality[span], limit)
    return np.rint(quality).astype(np.int64)


def reference_blocks(
    interval: Interval,
    depth: np.ndarray,
    quality: np.ndarray,
    *,
    calls: Sequence[Call],
    reference: Reference,
) -> Iterator[Block]:
    """Cut an interval into blocks of one band, leaving out the positions of calls.

    Parameters
    ----------
    interval : Interval
        The positions.
    depth, quality : np.ndarray
        int [len(interval)] from `coverage` and `reference_quality`.
    calls : sequence of Call
        What is written as a variant; its reference span belongs to no block.
    reference : Reference
        Gives the base at the start of each block; positions without a base (``N``) are no-calls.
    """
    band = np.digitize(quality, BANDS)
    band[reference.codes(interval.contig, interval.start, interval.end) > 3] = 0
    for call in calls:
        band[max(call.start - interval.start, 0) : max(call.end - interval.start, 0)] = -1
    edges = np.flatnonzero(np.diff(band)) + 1
    for first, last in zip(np.concatenate([[0], edges]), np.concatenate([edges, [len(band)]]), strict=True):
        if first == last or band[first] < 0:
            continue
        start = interval.start + int(first)
        yield Block(
            contig=interval.contig,
            start=start,
            end=interval.start + int(last),
            ref=_base(reference, interval.contig, start),
            called=bool(band[first] > 0),
            genotype_quality=int(quality[first:last].min()),
            min_depth=int(depth[first:last].min()),
        )


def _base(reference: Reference, contig: str, start: int) -> str:
    """One base as a VCF may hold it."""
    base = reference.fetch(contig, start, start + 1)
    return base if base in "ACGT" else "N"
