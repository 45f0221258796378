"""Sites whose alleles exclude each other, genotyped together."""

from collections.abc import Iterator, Sequence

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
from seqmill.applications.small_variants.haplotypes import components, conflicts, feasible_copies

MOST_ALLELES = 8
"""Of more alleles that exclude each other, the least probable are left out."""


def genotype_pairs(alleles: int) -> list[tuple[int, int]]:
    """List the diploid genotypes over `alleles` alleles, the reference included, in the order of VCF."""
    return [(first, second) for second in range(alleles) for first in range(second + 1)]


def common_alleles(refs: Sequence[str], alts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Bring alleles of one start to one REF, the longest.

    >>> common_alleles(["CAA", "CA"], ["C", "C"])
    ('CAA', ('C', 'CA'))
    """
    ref = max(refs, key=len)
    return ref, tuple(alt + ref[len(own) :] for own, alt in zip(refs, alts, strict=True))


def _sites(candidates: Candidates, rows: list[int]) -> list[list[int]]:
    """Group rows into records: one start, SNPs and indels apart."""
    sites: dict[tuple[int, bool], list[int]] = {}
    for row in rows:
        key = (int(candidates.start[row]), is_indel(candidates.ref[row], candidates.alt[row]))
        sites.setdefault(key, []).append(row)
    return list(sites.values())


def resolve(candidates: Candidates, rows: list[int], reference_reads: np.ndarray) -> Iterator[Call]:
    """Genotype the sites of a run of rows, weighing jointly those that exclude each other.

    Parameters
    ----------
    candidates : Candidates
        One contig's candidates.
    rows : list of int
        The rows to genotype, in order.
    reference_reads : np.ndarray
        int [n], reads at each row's site that support none of its candidates.
    """
    alleles = [(int(candidates.start[row]), candidates.ref[row], candidates.alt[row]) for row in rows]
    conflict = conflicts(alleles)
    for members in components(conflict):
        strongest = sorted(members, key=lambda member: candidates.log_probabilities[rows[member], 0])[
            :MOST_ALLELES
        ]
        together = sorted(strongest)
        copies = feasible_copies(conflict[np.ix_(together, together)])
        yield from _joint(candidates, [rows[member] for member in together], copies, reference_reads)


def _joint(
    candidates: Candidates, rows: list[int], copies: np.ndarray, reference_reads: np.ndarray
) -> Iterator[Call]:
    """Genotype the sites of rows that exclude each other, the surest site first."""
    weight = candidates.log_probabilities[np.array(rows)[None, :], copies].sum(axis=1)
    weight = weight - np.logaddexp.reduce(weight)
    column = {row: index for index, row in enumerate(rows)}
    sites = _sites(candidates, rows)
    columns = [[column[row] for row in site] for site in sites]
    absent = [copies[:, of_site].sum(axis=1) == 0 for of_site in columns]
    log_absent = [_total(weight, none) for none in absent]
    possible = np.ones(len(copies), dtype=bool)
    for index in sorted(range(len(sites)), key=log_absent.__getitem__):
        choice = np.flatnonzero(possible & ~absent[index])
        if len(choice) == 0:
            continue
        of_site = copies[:, columns[index]]
        chosen = _likeliest(of_site[choice], weight[choice])
        possible &= (of_site == chosen).all(axis=1)
        yield _call(
            candidates,
            sites[index],
            copies=of_site,
            weight=weight,
            chosen=chosen,
            log_absent=log_absent[index],
            reference_reads=reference_reads,
        )


def _likeliest(copies: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The row of copies with the largest summed weight."""
    states, state = np.unique(copies, axis=0, return_inverse=True)
    sums = np.array([_total(weight, state.reshape(-1) == index) for index in range(len(states))])
    return states[int(np.argmax(sums))]


def _total(weight: np.ndarray, where: np.ndarray) -> float:
    """Log-sum of the weights selected."""
    return float(np.logaddexp.reduce(weight[where])) if where.any() else -np.inf


def _call(
    candidates: Candidates,
    rows: list[int],
    *,
    copies: np.ndarray,
    weight: np.ndarray,
    chosen: np.ndarray,
    log_absent: float,
    reference_reads: np.ndarray,
) -> Call:
    """Build the record of one site from the weights of the copies of its alleles."""
    listed = [index for index in range(len(rows)) if chosen[index]]
    ref, alts = common_alleles(
        [candidates.ref[rows[index]] for index in listed], [candidates.alt[rows[index]] for index in listed]
    )
    pairs = genotype_pairs(len(alts) + 1)
    log_genotypes = np.empty(len(pairs))
    for number, pair in enumerate(pairs):
        wanted = np.zeros(len(rows), dtype=copies.dtype)
        for allele in pair:
            if allele:
                wanted[listed[allele - 1]] += 1
        log_genotypes[number] = _total(weight, (copies == wanted).all(axis=1))
    if len(listed) == 1:
        called = (0, 1) if chosen[listed[0]] == 1 else (1, 1)
    else:
        called = (1, 2)
    log_called = log_genotypes[pairs.index(called)]
    return Call(
        contig=candidates.contig,
        start=int(candidates.start[rows[0]]),
        ref=ref,
        alts=alts,
        genotype=called,
        quality=round(min(float(phred(log_absent)), QUALITY_CAP), 2),
        genotype_quality=int(error_phred(log_called)),
        likelihoods=tuple(relative_phred(log_genotypes).tolist()),
        depth=int(max(candidates.reads[row] for row in rows)),
        allele_depths=(
            int(reference_reads[rows[0]]),
            *(int(candidates.support[rows[index]]) for index in listed),
        ),
    )
