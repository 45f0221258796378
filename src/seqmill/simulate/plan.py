"""The plan of a simulation: read from YAML, checked as a whole before anything is written."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seqmill.errors import ConfigErrors, nearest
from seqmill.files import read_plan
from seqmill.reads.marks import MARKS
from seqmill.simulate.modified_reads import MOTIF_LETTERS
from seqmill.simulate.noise import ERROR_MODELS
from seqmill.simulate.typed import read_typed

DELIVERIES = ("fastq", "bam", "cram")


@dataclass(frozen=True)
class ContigPlan:
    """Where the sequence of one contig comes from, and where its variants do.

    Attributes
    ----------
    random : int
        Length in bp of a sequence to draw; or
    fasta : str
        a FASTA file to copy from.
    source : str
        Contig of `fasta`; may be left out where it holds only one.
    sites : str
        VCF of polymorphic sites with allele frequencies (INFO/AF) on this contig; without it variants are
        drawn from the spectrum.
    sites_contig : str
        Name of the contig in `sites`, where it is another one.
    polymorphic : int
        Number of polymorphic sites to draw instead; individuals share them.
    """

    random: int = 0
    fasta: str = ""
    source: str = ""
    sites: str = ""
    sites_contig: str = ""
    polymorphic: int = 0


@dataclass(frozen=True)
class ReadsPlan:
    """Size of reads and fragments in bp."""

    length: int = 150
    insert_mean: float = 400.0
    insert_sd: float = 50.0


@dataclass(frozen=True)
class MaskPlan:
    """How the mappability mask is made: a pair every so many bp, and the lowest mean mapping quality."""

    every: int = 20
    lowest: float = 30.0


@dataclass(frozen=True)
class SpectrumPlan:
    """A truth VCF (and its confident BED) to measure rates, zygosity and lengths of variants from."""

    vcf: str = ""
    confident: str = ""


@dataclass(frozen=True)
class TraitPlan:
    """A trait of those whose contigs have drawn polymorphic sites.

    Attributes
    ----------
    causal : int
        Sites that act on it; without any there is no trait.
    heritability : float
        Share of its variance, among many individuals, that they explain.
    """

    causal: int = 0
    heritability: float = 0.8


@dataclass(frozen=True)
class MarkPlan:
    """Where a base modification is planted; see `seqmill.simulate.modified_reads.PlantedMark`."""

    motif: str
    offset: int
    level: float = 0.95
    elsewhere: float = 0.02


@dataclass(frozen=True)
class ModifiedPlan:
    """Long reads that carry base modifications, instead of pairs.

    Attributes
    ----------
    marks : dict
        Name of the modification -> where it is planted; without any the sample has other reads.
    noise : float
        Share of bases whose call is that of the other state.
    read_length : int
        Longest length in bp.
    """

    marks: dict[str, MarkPlan] = field(default_factory=dict)
    noise: float = 0.05
    read_length: int = 1000


@dataclass(frozen=True)
class SamplePlan:
    """One sample: simulated reads of an individual, or real reads with their truth.

    Attributes
    ----------
    contigs : tuple of str
        The contigs it has reads and truth on.
    depth : float
        Mean depth of distinct molecules.
    error_model : str
        Name of a preset.
    individual : str
        Who it is; samples with the same individual share their variants. Default: the sample's own name.
    delivery : str
        ``fastq``, ``bam`` or ``cram``.
    lanes : int
        Pairs of FASTQ files to spread the reads over.
    fastq : str
        Real reads instead of simulated ones: a FASTQ file with both mates (``/1``, ``/2``) in any order.
    truth : str
        VCF with the truth of the real reads.
    confident : str
        BED of the regions in which that truth is complete. Default: the whole contigs.
    modified : ModifiedPlan
        Long reads that carry base modifications, as a BAM; the sample then has levels and no variants.
    """

    contigs: tuple[str, ...]
    depth: float = 30.0
    error_model: str = "clean"
    individual: str = ""
    delivery: str = "fastq"
    lanes: int = 1
    fastq: str = ""
    truth: str = ""
    confident: str = ""
    modified: ModifiedPlan = field(default_factory=ModifiedPlan)


@dataclass(frozen=True)
class Plan:
    """A whole simulation; the files it makes are a pure function of it and of the files it names."""

    seed: int
    contigs: dict[str, ContigPlan]
    samples: dict[str, SamplePlan]
    reads: ReadsPlan = field(default_factory=ReadsPlan)
    mask: MaskPlan = field(default_factory=MaskPlan)
    spectrum: SpectrumPlan = field(default_factory=SpectrumPlan)
    trait: TraitPlan = field(default_factory=TraitPlan)


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """Read and check a plan.

    Environment variables in paths (``$SEQMILL_DATA/...``) are replaced; relative paths are taken from the
    working directory.

    Raises
    ------
    InputError
        When the file is missing or no YAML.
    ConfigErrors
        With every mistake at once: unknown keys (and the nearest known one), wrong types, missing files,
        contigs nobody defined.
    """
    source = Path(path)
    content = read_plan(source)
    problems: list[str] = []
    plan = read_typed(Plan, content, "", problems)
    if plan is not None:
        problems.extend(_mistakes(plan))
    if plan is None or problems:
        raise ConfigErrors(str(source), problems)
    return plan


def _mistakes(plan: Plan) -> Iterator[str]:
    for name, contig in plan.contigs.items():
        if (contig.random > 0) == bool(contig.fasta):
            yield f"contigs.{name}: wanted either random (a length in bp) or fasta (a file)"
        yield from _missing(f"contigs.{name}", fasta=contig.fasta, sites=contig.sites)
        if contig.polymorphic < 0 or (contig.polymorphic and contig.sites):
            yield f"contigs.{name}: wanted either sites (a VCF) or polymorphic (a number above 0)"
    drawn = sum(contig.polymorphic for contig in plan.contigs.values())
    if not 0 <= plan.trait.causal <= drawn or not 0 < plan.trait.heritability <= 1:
        yield (
            f"trait: found causal {plan.trait.causal} and heritability {plan.trait.heritability:g}, wanted "
            f"at most the {drawn} polymorphic sites that are drawn, and above 0 up to 1"
        )
    if bool(plan.spectrum.vcf) != bool(plan.spectrum.confident):
        yield "spectrum: wanted both vcf and confident (a BED file), or neither"
    yield from _missing("spectrum", vcf=plan.spectrum.vcf, confident=plan.spectrum.confident)
    for name, sample in plan.samples.items():
        yield from _sample_mistakes(f"samples.{name}", sample, plan)
    if plan.reads.length < 20 or plan.reads.insert_mean < plan.reads.length or plan.reads.insert_sd < 0:
        yield "reads: wanted length >= 20, insert_mean >= length and insert_sd >= 0"
    if plan.mask.every < 1:
        yield f"mask.every: wanted 1 or more, found {plan.mask.every}"


def _sample_mistakes(where: str, sample: SamplePlan, plan: Plan) -> Iterator[str]:
    for contig in sample.contigs:
        if contig not in plan.contigs:
            yield f"{where}.contigs: '{contig}' is not among contigs{nearest(contig, plan.contigs)}"
    if len(set(sample.contigs)) != len(sample.contigs) or not sample.contigs:
        yield f"{where}.contigs: wanted at least one contig, each once, found {list(sample.contigs)}"
    choices = (("error_model", sample.error_model, ERROR_MODELS), ("delivery", sample.delivery, DELIVERIES))
    for key, value, known in choices:
        if value not in known:
            yield f"{where}.{key}: '{value}' is unknown{nearest(value, known)}; one of {', '.join(known)}"
    if not (sample.depth > 0 and sample.lanes > 0):
        yield f"{where}: depth and lanes have to be above 0, found {sample.depth:g} and {sample.lanes}"
    if sample.lanes > 1 and sample.delivery != "fastq":
        yield f"{where}.lanes: {sample.delivery} has no lanes; leave them out or deliver fastq"
    if bool(sample.fastq) != bool(sample.truth):
        yield f"{where}: real reads need both fastq and truth"
    if sample.confident and not sample.truth:
        yield f"{where}.confident: goes with the truth of real reads; leave it out for simulated ones"
    yield from _modified_mistakes(f"{where}.modified", sample)
    yield from _missing(where, fastq=sample.fastq, truth=sample.truth, confident=sample.confident)


def _modified_mistakes(where: str, sample: SamplePlan) -> Iterator[str]:
    modified = sample.modified
    if modified.marks and sample.fastq:
        yield f"{where}: goes without fastq: these reads are drawn"
    if not 0 <= modified.noise <= 0.5 or modified.read_length < 2:
        yield (
            f"{where}: noise has to be in 0 to 0.5 and read_length 2 or more, found {modified.noise:g} and "
            f"{modified.read_length}"
        )
    for name, mark in modified.marks.items():
        if name not in MARKS:
            yield f"{where}.marks: '{name}' is unknown{nearest(name, MARKS)}; one of {', '.join(MARKS)}"
            continue
        base = MARKS[name].base
        letters = set(mark.motif) - set(MOTIF_LETTERS)
        if letters:
            yield f"{where}.marks.{name}.motif: found {mark.motif}, wanted letters of {MOTIF_LETTERS}"
        elif not 0 <= mark.offset < len(mark.motif) or mark.motif[mark.offset] != base:
            yield (
                f"{where}.marks.{name}.offset: found {mark.offset}, wanted the place, from 0, of a {base} in "
                f"{mark.motif}"
            )
        if not (0 <= mark.level <= 1 and 0 <= mark.elsewhere <= 1):
            yield f"{where}.marks.{name}: level and elsewhere have to be in 0 to 1"


def _missing(where: str, **paths: str) -> Iterator[str]:
    for key, path in paths.items():
        if path and "$" not in path and not Path(path).is_file():
            yield f"{where}.{key}: there is no file {path}"
