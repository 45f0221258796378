"""Options of the blocks that are made of genotypes."""

from dataclasses import dataclass, field
from typing import Literal

from seqmill.genome.consequences import CLASSES

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


@dataclass(frozen=True, kw_only=True)
class BurdenOptions(CallOptions):
    """Carried alleles of each gene, by class of consequence.

    Attributes
    ----------
    annotation : str
        GTF or GFF3 with CDS, where consequences are found here; needs `reference`.
    consequences : str
        ``own``, or the field of the calls that tells them: ``CSQ`` (VEP) or ``ANN`` (SnpEff).
    classes : list of str
        Classes that count, of `seqmill.genome.consequences.CLASSES`.
    genes : str
        File with a gene in each line: those that are features, carried or not. Without it, those of which
        anybody's file holds an allele.
    weight : str
        What a copy of an allele of frequency f counts: ``none`` 1; ``beta`` the density of Beta(1, 25) at f
        (Wu et al. 2011); ``inverse_sd`` 1 / sqrt(f (1 - f)) (Madsen and Browning 2009).
    frequency : str
        INFO field of the calls that tells f, such as AF; without it f is that of all people of the block.
    max_frequency : float
        Alleles of a higher f do not count.
    min_called : float
        Share of the alleles of a feature at which a person has to have a call; else it is missing.
    """

    annotation: str = field(default="", metadata=FILE)
    consequences: Literal["own", "CSQ", "ANN"] = "own"
    classes: list[str] = field(
        default_factory=lambda: ["synonymous", "missense", "stop_gained", "frameshift", "splice_site"]
    )
    genes: str = field(default="", metadata=FILE)
    weight: Literal["none", "beta", "inverse_sd"] = "none"
    frequency: str = ""
    max_frequency: float = field(default=1.0, metadata={"above": 0.0, "at_most": 1.0})
    min_called: float = field(default=0.5, metadata={"at_least": 0.0, "at_most": 1.0})

    def __post_init__(self) -> None:
        unknown = [name for name in self.classes if name not in CLASSES]
        if unknown or not self.classes:
            raise ValueError(f"classes: found {self.classes}, want some of {', '.join(CLASSES)}")
        if self.consequences == "own" and not (self.annotation and self.reference):
            raise ValueError("annotation, reference: both are needed to find consequences; give them")


@dataclass(frozen=True, kw_only=True)
class EffectOptions(CallOptions):
    """Effects that a model of sequence predicts for carried alleles, by gene or region.

    Attributes
    ----------
    effects : str
        Table or VCF that ``seqmill effects`` wrote.
    outputs : list of str
        Outputs of the model to take; all unless given.
    annotation : str
        GTF or GFF3 whose genes are the features; or
    regions : str
        BED whose named regions are. Without either, the regions that the effects name.
    margin : int
        Bases by which genes and regions are widened on both sides.
    aggregate : str
        ``max_abs``: the largest absolute effect of a carried allele. ``sum``: effects times copies.
    min_called : float
        Share of the alleles of a feature at which a person has to have a call; else it is missing.
    """

    effects: str = field(metadata=FILE)
    outputs: list[str] = field(default_factory=list)
    annotation: str = field(default="", metadata=FILE)
    regions: str = field(default="", metadata=FILE)
    margin: int = field(default=0, metadata={"at_least": 0})
    aggregate: Literal["max_abs", "sum"] = "max_abs"
    min_called: float = field(default=0.5, metadata={"at_least": 0.0, "at_most": 1.0})

    def __post_init__(self) -> None:
        if self.annotation and self.regions:
            raise ValueError("annotation, regions: found both, want one of them at most")


@dataclass(frozen=True, kw_only=True)
class CountOptions:
    """Expression out of RNA reads or counts, log2(TPM + 1).

    Attributes
    ----------
    files : str
        Column of the block's table that names a file for each person: a table of counts or, with
        `annotation`, sorted and indexed alignments.
    annotation : str
        GTF or GFF3 by whose genes alignments are counted.
    reference : str
        FASTA, for alignments in CRAM.
    library : str
        Strandedness of the alignments, one of `seqmill.reads.library.LIBRARIES`.
    gene, length, count : str
        Columns of a table of counts.
    """

    files: str
    annotation: str = field(default="", metadata=FILE)
    reference: str = field(default="", metadata=FILE)
    library: str = "unstranded"
    gene: str = "gene"
    length: str = "length"
    count: str = "count"
