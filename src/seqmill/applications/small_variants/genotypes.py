"""From class probabilities of single alleles to the genotype of a site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.applications.small_variants.haplotypes import components, conflicts, feasible_copies

PHRED_CAP = 99
LIKELIHOOD_CAP = 990
QUALITY_CAP = 3000.0
NEGLIGIBLE = 0.02
MOST_ALLELES = 8

_PHRED = -10.0 / np.log(10.0)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Scored candidate alleles of one sample on one contig, ordered by start.

    Attributes
    ----------
    contig : str
        Name of the contig.
    start : np.ndarray
        int [n], 0-based start of the normalised allele (the anchor base of an indel).
    ref, alt : sequence of str
        Alleles.
    reads, support : np.ndarray
        int [n], reads over the site and reads with the allele.
    log_probabilities : np.ndarray
        float64 [n, 3], natural logarithm of the probability of 0, 1 and 2 copies.
    """

    contig: str
    start: np.ndarray
    ref: Sequence[str]
    alt: Sequence[str]
    reads: np.ndarray
    support: np.ndarray
    log_probabilities: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def part(self, rows: slice) -> "Candidates":
        """Give a run of rows."""
        return Candidates(
            contig=self.contig,
            start=self.start[rows],
            ref=self.ref[rows],
            alt=self.alt[rows],
            reads=self.reads[rows],
            support=self.support[rows],
            log_probabilities=self.log_probabilities[rows],
        )


@dataclass(frozen=True, kw_only=True)
class Call:
    """A genotyped site.

    Attributes
    ----------
    contig, start, ref, alts
        The site; `start` 0-based.
    genotype : tuple of int
        Unphased allele indices, smaller first.
    quality : float
        QUAL: -10 log10 of the probability that the sample carries no allele of the site.
    genotype_quality : int
        GQ: -10 log10 of the probability that the genotype is wrong, at most 99.
    likelihoods : tuple of int
        PL: -10 log10 of each genotype's probability in VCF order, the best at 0, at most 990.
    depth : int
        Reads over the site.
    allele_depths : tuple of int
        Reads with the reference allele, then with each alternative.
    """

    contig: str
    start: int
    ref: str
    alts: tuple[str, ...]
    genotype: tuple[int, int]
    quality: float
    genotype_quality: int
    likelihoods: tuple[int, ...]
    depth: int
    allele_depths: tuple[int, ...]

    @property
    def end(self) -> int:
        """End of the reference allele, exclusive."""
        return self.start + len(self.ref)

    @property
    def kind(self) -> str:
        """``snp`` when every called allele is one, else ``indel``."""
        return "snp" if len(self.ref) == 1 and all(len(alt) == 1 for alt in self.alts) else "indel"


def phred(log_probability: np.ndarray | float) -> np.ndarray:
    """Turn natural-log probabilities into -10 log10, never below 0."""
    return np.maximum(np.asarray(log_probability) * _PHRED, 0.0)


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
    log_p = candidates.log_probabilities
    kept = np.flatnonzero(log_p[:, 0] < np.log1p(-NEGLIGIBLE))
    calls: list[Call] = []
    for cluster in _clusters(candidates, kept.tolist()):
        calls.extend(_resolve(candidates, cluster, reference_reads))
    calls = [call for call in calls if call.quality >= min_quality]
    return sorted(calls, key=lambda call: (call.start, call.ref, call.alts))


def is_indel(ref: str, alt: str) -> bool:
    """Whether an allele changes the length."""
    return len(ref) != len(alt)


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


def _sites(candidates: Candidates, rows: list[int]) -> list[list[int]]:
    """Group rows into records: one start, SNPs and indels apart."""
    sites: dict[tuple[int, bool], list[int]] = {}
    for row in rows:
        key = (int(candidates.start[row]), is_indel(candidates.ref[row], candidates.alt[row]))
        sites.setdefault(key, []).append(row)
    return list(sites.values())


def _resolve(candidates: Candidates, rows: list[int], reference_reads: np.ndarray) -> Iterator[Call]:
    """Genotype the sites of a run of rows, weighing jointly those that exclude each other."""
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
    wrong = np.log(max(-np.expm1(min(log_called, 0.0)), 1e-300))
    relative = np.minimum(np.rint(phred(log_genotypes - log_genotypes.max())), LIKELIHOOD_CAP)
    return Call(
        contig=candidates.contig,
        start=int(candidates.start[rows[0]]),
        ref=ref,
        alts=alts,
        genotype=called,
        quality=round(min(float(phred(log_absent)), QUALITY_CAP), 2),
        genotype_quality=int(min(np.rint(phred(wrong)), PHRED_CAP)),
        likelihoods=tuple(int(value) for value in relative),
        depth=int(max(candidates.reads[row] for row in rows)),
        allele_depths=(
            int(reference_reads[rows[0]]),
            *(int(candidates.support[rows[index]]) for index in listed),
        ),
    )
