"""Options of the blocks that are made of genotypes."""

from dataclasses import dataclass, field
from typing import Literal

FILE = {"file": True}
"""Metadata of an option that names a file."""


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """How genotypes are read.

    Attributes
    ----------
    files : str
        Column of the block's table that names a VCF, BCF or gVCF for each person. Without it the block's
        path is itself a VCF of all persons.
    reference : str
        FASTA of the genome that the calls belong to. With it indels are left-aligned, and reference alleles
        are checked.
    min_gq, min_dp : int
        Below this genotype quality (GQ) or depth (MIN_DP of a reference block, else DP) a genotype is
        missing; one that does not tell it has none.
    haploid : str
        Whether a haploid call counts as ``double`` (0 or 2) or ``single`` (0 or 1).
    half_calls : str
        Whether a genotype of which one allele is missing is ``missing``, or its other allele the
        ``reference``.
    filtered : str
        Whether the genotypes of a record that does not pass its filters are ``missing``, or ``kept``.
    absent : str
        What a site is where a file has neither a record nor a reference block: ``missing``, or
        ``reference`` for files known to hold every variant of the person.
    """

    files: str = ""
    reference: str = field(default="", metadata=FILE)
    min_gq: int = field(default=0, metadata={"at_least": 0})
    min_dp: int = field(default=0, metadata={"at_least": 0})
    haploid: Literal["double", "single"] = "double"
    half_calls: Literal["missing", "reference"] = "missing"
    filtered: Literal["missing", "kept"] = "missing"
    absent: Literal["missing", "reference"] = "missing"


@dataclass(frozen=True, kw_only=True)
class DosageOptions(CallOptions):
    """Copies of the alternative allele at declared sites.

    Attributes
    ----------
    sites : str
        The site list: VCF or BCF, BED with the alleles in columns 4 and 5, or a table with the columns
        ``contig``, ``position`` (1-based), ``ref`` and ``alt``.
    swapped, flipped : str
        What becomes of sites whose alternative allele is that of the genome, and of those given on the other
        strand: ``refuse`` ends with a message, ``fix`` reads them as what they are.
    ambiguous : str
        What becomes of A/T and C/G sites whose alternative allele is that of the genome, of which nobody can
        tell whether they are swapped or on the other strand: ``missing``, or ``swapped`` for lists known to
        be on the forward strand.
    min_match : float
        Share of the sites that has to be found and called in somebody.
    """

    sites: str = field(metadata=FILE)
    swapped: Literal["refuse", "fix"] = "refuse"
    flipped: Literal["refuse", "fix"] = "refuse"
    ambiguous: Literal["missing", "swapped"] = "missing"
    min_match: float = field(default=0.75, metadata={"above": 0.0, "at_most": 1.0})
