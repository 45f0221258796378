"""Scored candidates and genotyped sites, and the scales of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KINDS = ("snp", "indel")
PHRED_CAP = 99
LIKELIHOOD_CAP = 990
QUALITY_CAP = 3000.0

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


def error_phred(log_probability: np.ndarray | float) -> np.ndarray:
    """Turn the natural logarithm of a probability into -10 log10 of its complement, rounded, at most 99."""
    wrong = np.maximum(-np.expm1(np.minimum(log_probability, 0.0)), 1e-300)
    return np.minimum(np.rint(phred(np.log(wrong))), PHRED_CAP).astype(np.int64)


def relative_phred(log_probabilities: np.ndarray) -> np.ndarray:
    """Give -10 log10 of each probability against the largest on the last axis, rounded, at most 990."""
    highest = log_probabilities.max(axis=-1, keepdims=True)
    return np.minimum(np.rint(phred(log_probabilities - highest)), LIKELIHOOD_CAP).astype(np.int64)


def is_indel(ref: str, alt: str) -> bool:
    """Whether an allele changes the length."""
    return len(ref) != len(alt)
