"""From class probabilities of single alleles to the genotype of a site."""

from collections.abc import Iterator

import numpy as np

from seqmill.applications.small_variants.calls import (
    QUALITY_CAP,
    Call,
    Candidates,
    error_phred,
    is_indel,
    phred,
    relative_phred,
)
from seqmill.applications.small_variants.joint import resolve

NEGLIGIBLE = 0.02
"""Alleles that are there with a lower probability take no part."""


def genotype(candidates: Candidates, *, min_quality: float = 0.0) -> list[Call]:
    """Genotype every site of a contig.

    A site with one allele that overlaps no other takes the allele's own probabilities. Alleles that cannot
    lie on one haplotype together (two at one locus, or a deletion and what it removes) are weighed jointly:
    the probability of a combination of copies is the product of the alleles' probabilities over the
    combinations that two haplotypes can carry, so that two alleles called homozygous at one place resolve
    into what the evidence for both makes most likely. Alleles whose probability of being there is below
    `NEGLIGIBLE` do not take part and are not written.

    The genotype is the most probable one that carries a variant: whether the site counts as called is
    for a threshold on the quality to say. Only alleles in the genotype are listed.

    Parameters
    ----------
    candidates : Candidates
        One contig's candidates by start.
    min_quality : float
        Sites below this quality are left out.

    Returns
    -------
    list of Call
        By start.

    Raises
    ------
    ValueError
        When the candidates are not in order of start.
    """
    if np.any(np.diff(candidates.start) < 0):
        raise ValueError("candidates have to be in order of start")
    reference_reads = _reference_reads(candidates)
    kept = np.flatnonzero(candidates.log_probabilities[:, 0] < np.log1p(-NEGLIGIBLE))
    lone: list[int] = []
    calls: list[Call] = []
    for cluster in _clusters(candidates, kept.tolist()):
        if len(cluster) == 1:
            lone += cluster
        else:
            calls.extend(resolve(candidates, cluster, reference_reads))
    calls.extend(_alone(candidates, np.array(lone, np.int64), reference_reads))
    calls = [call for call in calls if call.quality >= min_quality]
    return sorted(calls, key=lambda call: (call.start, call.ref, call.alts))


def _reference_reads(candidates: Candidates) -> np.ndarray:
    """Reads at each row's site that support none of the site's candidates."""
    indel = np.fromiter(
        (is_indel(ref, alt) for ref, alt in zip(candidates.ref, candidates.alt, strict=True)),
        bool,
        len(candidates),
    )
    keys = candidates.start.astype(np.int64) * 2 + indel
    _, site = np.unique(keys, return_inverse=True)
    support = np.bincount(site, weights=candidates.support, minlength=1)
    return np.maximum(candidates.reads - support[site].astype(np.int64), 0)


def _clusters(candidates: Candidates, rows: list[int]) -> Iterator[list[int]]:
    """Runs of rows whose reference spans touch, so that only rows of one run can conflict."""
    cluster: list[int] = []
    reach = -1
    for row in rows:
        if cluster and candidates.start[row] >= reach:
            yield cluster
            cluster, reach = [], -1
        cluster.append(row)
        reach = max(reach, int(candidates.start[row]) + len(candidates.ref[row]))
    if cluster:
        yield cluster


def _alone(candidates: Candidates, rows: np.ndarray, reference_reads: np.ndarray) -> Iterator[Call]:
    """Genotype alleles that no other allele overlaps, all at once."""
    log_p = candidates.log_probabilities[rows]
    copies = 1 + (log_p[:, 2] > log_p[:, 1])
    quality = np.minimum(phred(log_p[:, 0]), QUALITY_CAP)
    sureness = error_phred(log_p[np.arange(len(rows)), copies])
    likelihoods = relative_phred(log_p)
    for number, row in enumerate(rows.tolist()):
        yield Call(
            contig=candidates.contig,
            start=int(candidates.start[row]),
            ref=candidates.ref[row],
            alts=(candidates.alt[row],),
            genotype=(0, 1) if copies[number] == 1 else (1, 1),
            quality=round(float(quality[number]), 2),
            genotype_quality=int(sureness[number]),
            likelihoods=tuple(likelihoods[number].tolist()),
            depth=int(candidates.reads[row]),
            allele_depths=(int(reference_reads[row]), int(candidates.support[row])),
        )
